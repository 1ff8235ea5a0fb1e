// "HDRPGRID", format 1 (uint32), members (uint32), name (32 bytes, zeros at the end), then halves
// (binary16): usual and spread of the statistics, the lift's layers, share and margin, each
// member's layers; then the SHA-256 of all that goes before. Little-endian.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/byte_reader.h"
#include "gainmap/half.h"
#include "metadata/digest.h"
#include "predict/curve_grid.h"
#include "predict/gain_model_contract.h"

namespace hdrp {
namespace {

using Shape = CurveGridShape;

constexpr std::string_view kMagic = "HDRPGRID";
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kNameBytes = 32, kDigestBytes = 32;
constexpr std::size_t kHeaderBytes = kMagic.size() + 8 + kNameBytes;
constexpr int kWhole = Shape::kStatistics + 2 * Shape::kFeatures;

/// The layers of a member in the file's order, of the sizes that this program knows.
template <typename Visit>
void ForEachLayer(CurveGridMember& member, Visit visit) {
  for (std::size_t i = 0; i < kEncoder.size(); ++i) {
    visit(member.encoder[i], kEncoder[i].in, kEncoder[i].out, 9);
  }
  constexpr int kHidden = Shape::kFeatures;
  visit(member.level_in, kWhole, kHidden, 1);
  visit(member.level_out, kHidden, 1, 1);
  visit(member.shape_in, kWhole, kHidden, 1);
  visit(member.shape_out, kHidden, Shape::kKnots, 1);
  visit(member.grid_in, kHidden, kHidden, 9);
  visit(member.grid_whole, kWhole, kHidden, 1);
  visit(member.grid_out, kHidden, Shape::kBins, 1);
}

template <typename Visit>
void ForEachLayer(CurveGridLift& lift, Visit visit) {
  visit(lift.in, Shape::kStatistics, Shape::kLiftHidden, 1);
  visit(lift.out, Shape::kLiftHidden, 1, 1);
}

template <typename Layers>
[[nodiscard]] std::size_t NumbersOf(Layers layers) {
  std::size_t count = 0;
  ForEachLayer(layers, [&](Layer&, int in, int out, int taps) {
    count += static_cast<std::size_t>(in * out * taps + out);
  });
  return count;
}

[[nodiscard]] std::size_t NumbersOf(std::uint32_t members) {
  return 2 * Shape::kStatistics + NumbersOf(CurveGridLift{}) + 2 +
         members * NumbersOf(CurveGridMember{});
}

[[nodiscard]] std::unexpected<Error> Damaged(std::string_view expected, std::string_view found) {
  return Fail(ErrorCode::kModelFailed, "weights", "expected {}, found {}", expected, found);
}

/// Halves one after the other.
class Numbers {
 public:
  explicit Numbers(ByteView halves) : halves_(halves, ByteOrder::kLittleEndian) {}
  /// NaN past the end.
  [[nodiscard]] float Next() {
    const std::uint16_t half = halves_.U16().value_or(kHalfNan);
    const float value = FloatFromHalf(half);
    finite_ = finite_ && std::isfinite(value);
    return value;
  }
  [[nodiscard]] bool finite() const { return finite_; }

 private:
  ByteReader halves_;
  bool finite_ = true;
};

/// The file has weights[out][in][tap], as PyTorch does.
void Read(Numbers& numbers, int in, int out, int taps, Layer& layer) {
  layer.in = in;
  layer.out = out;
  layer.weights.resize(static_cast<std::size_t>(in * out * taps));
  for (int o = 0; o < out; ++o) {
    for (int i = 0; i < in; ++i) {
      for (int tap = 0; tap < taps; ++tap) {
        layer.weights[static_cast<std::size_t>((tap * in + i) * out + o)] = numbers.Next();
      }
    }
  }
  layer.bias.resize(static_cast<std::size_t>(out));
  for (float& bias : layer.bias) bias = numbers.Next();
}

[[nodiscard]] Expected<std::string> NameIn(ByteView field) {
  const auto end = std::ranges::find(field, 0);
  const std::string name(field.begin(), end);
  if (!IsModelName(name)) return Damaged(kModelNames, "another");
  return name;
}

}  // namespace

bool IsCurveGridFile(ByteView file) { return StartsWith(file, kMagic); }

Expected<CurveGrid> ReadCurveGrid(ByteView file) {
  if (!IsCurveGridFile(file) || file.size() < kHeaderBytes) {
    return Damaged("a file of weights", "another, or its beginning");
  }
  ByteReader header(file.subspan(kMagic.size()), ByteOrder::kLittleEndian);
  const std::uint32_t format = header.U32().value_or(0), members = header.U32().value_or(0);
  if (format != kFormat) return Damaged("format 1", std::to_string(format));
  if (members == 0 || members > Shape::kMostMembers) {
    return Damaged("1 to 16 members", std::to_string(members));
  }
  const std::size_t numbers_bytes = 2 * NumbersOf(members);
  const std::size_t bytes = kHeaderBytes + numbers_bytes + kDigestBytes;
  if (file.size() != bytes) {
    return Fail(ErrorCode::kModelFailed, "weights", "expected {} bytes, found {}", bytes,
                file.size());
  }
  if (!std::ranges::equal(Sha256(file.first(bytes - kDigestBytes)), file.last(kDigestBytes))) {
    return Damaged("weights as they were written", "damaged ones: the digest at the end differs");
  }
  HDRP_ASSIGN_OR_RETURN(std::string name,
                        NameIn(file.subspan(kHeaderBytes - kNameBytes, kNameBytes)));
  CurveGrid result{std::move(name), {}, {}, {}, std::vector<CurveGridMember>(members)};
  Numbers numbers(file.subspan(kHeaderBytes, numbers_bytes));
  const auto read = [&](Layer& layer, int in, int out, int taps) {
    Read(numbers, in, out, taps, layer);
  };
  for (float& usual : result.usual) usual = numbers.Next();
  for (float& spread : result.spread) spread = numbers.Next();
  ForEachLayer(result.lift, read);
  result.lift.share = numbers.Next();
  result.lift.margin = numbers.Next();
  for (CurveGridMember& member : result.members) ForEachLayer(member, read);
  const bool spread = std::ranges::all_of(result.spread, [](float s) { return s > 0; });
  if (!numbers.finite() || !spread) return Damaged("finite numbers", "others");
  return result;
}

}  // namespace hdrp
