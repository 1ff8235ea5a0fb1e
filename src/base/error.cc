#include "base/error.h"

namespace hdrp {

std::unexpected<Error> Within(std::string_view outer, Error error) {
  error.where = error.where.empty() ? std::string(outer) : std::string(outer) + ": " + error.where;
  return std::unexpected(std::move(error));
}

std::vector<std::string> SentencesOf(const Error& error) {
  std::vector<std::string> sentences = error.details;
  for (const Cause& cause : error.causes) sentences.push_back(cause.sentence);
  return sentences;
}

}  // namespace hdrp
