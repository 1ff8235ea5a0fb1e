// What a job can be told, as one table: the command line's flags and their help, the service's form
// and its checks, the OpenAPI document and the page's controls are made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "guard/guards.h"
#include "pipeline/request.h"

namespace hdrp {

/// A number of [low, high].
struct NumberField {
  double low, high;
  bool whole;
  std::string_view unit;  ///< as the help shows it: "STOPS"
  void (*set)(Options& options, double value);
};

/// One word of a list.
struct WordField {
  std::span<const std::string_view> words;
  void (*set)(Options& options, std::size_t index);
};

/// true or false; on the command line a flag that turns the default around.
struct SwitchField {
  bool initial;
  void (*set)(Options& options, bool on);
};

/// "NAME" or "NAME=STRENGTH" of a guard; the only field that may be given more than once.
struct GuardField {};

/// What a field is about: the verbs of the command line take groups of them.
enum class FieldGroup : std::uint8_t {
  kGain,        ///< where the gain comes from, and how much of it
  kOutput,      ///< the file that is written
  kPrediction,  ///< how Predictive Mode predicts
  kPictures,    ///< how edit and original are taken
};

struct Field {
  FieldGroup group;
  std::string_view name;       ///< in forms and JSON: "map_quality"
  std::string_view help;       ///< without the default
  std::string_view initial;    ///< the default as it would be written; empty: none, or `automatic`
  std::string_view automatic;  ///< in words, what happens where the field is not given
  std::variant<NumberField, WordField, SwitchField, GuardField> kind;
};

/// In the order in which a page shows them.
[[nodiscard]] std::span<const Field> JobFields();

/// What a GuardField may name.
[[nodiscard]] std::span<const GuardInfo> JobGuards();

/// The field of this name, which must exist.
[[nodiscard]] const Field& JobField(std::string_view name);

/// "--map-quality"; of a switch whose default is true, "--no-anchor".
[[nodiscard]] std::string FlagOf(const Field& field);

/// `text` as the field's value, put into the options. bad_argument, with the field's name as
/// `where`, for anything else than it allows; a switch takes true, false, on, off, 1 and 0.
[[nodiscard]] Expected<void> SetField(const Field& field, std::string_view text, Options& options);

/// The files of a job.
struct FileField {
  std::string_view name;  ///< "img"
  std::string_view type;  ///< as the help shows it: "EDIT"
  std::string_view help;
  bool required;
};
[[nodiscard]] std::span<const FileField> JobFiles();

}  // namespace hdrp
