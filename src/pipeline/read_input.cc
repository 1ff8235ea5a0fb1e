#include "decode/sniff.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<ReadJpeg> ReadInputJpeg(const InputFile& file, const Limits& limits) {
  if (file.bytes.empty()) {
    return Fail(ErrorCode::kBadInput, file.name, "expected a JPEG, found an empty file");
  }
  const FileFormat format = Sniff(file.bytes);
  if (format == FileFormat::kUnknown) {
    return Fail(ErrorCode::kBadInput, file.name, "expected a JPEG, found {}", NameOf(format));
  }
  if (format != FileFormat::kJpeg) {
    return Fail(ErrorCode::kUnsupported, file.name, "expected a JPEG, found {}", NameOf(format));
  }
  Expected<GainMapJpeg> parsed = ReadGainMapJpeg(file.bytes, limits);
  if (!parsed) return Within(file.name, std::move(parsed.error()));
  return ReadJpeg{&file, *std::move(parsed)};
}

Expected<BaseColor> BaseColorOf(const ReadJpeg& jpeg) {
  const Expected<Bytes> icc = JoinIcc(jpeg.parsed.primary);
  if (!icc) return std::unexpected(icc.error());
  return icc->empty() ? SrgbColor() : ReadIccProfile(*icc);
}

}  // namespace hdrp
