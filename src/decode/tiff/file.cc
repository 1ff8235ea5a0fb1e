#include "decode/tiff/file.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace hdrp {
namespace {

/// And in all.
constexpr std::uint64_t kMaxLibraryBytes = 2 * kMaxTiffBlockBytes;

int KeepMessage(TIFF* /*tiff*/, void* source, const char* /*module*/, const char* format,
                va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  static_cast<TiffSource*>(source)->message = text.data();
  return 1;
}
int DropWarning(TIFF* /*tiff*/, void* /*unused*/, const char* /*module*/, const char* /*format*/,
                va_list /*arguments*/) {
  return 1;
}
tmsize_t ReadBytes(thandle_t source, void* target, tmsize_t count) {
  auto& reader = static_cast<TiffSource*>(source)->reader;
  const auto wanted = static_cast<std::size_t>(std::max<tmsize_t>(count, 0));
  const auto view = reader.Read(std::min(wanted, reader.remaining()));
  if (!view || view->empty()) return 0;
  std::memcpy(target, view->data(), view->size());
  return static_cast<tmsize_t>(view->size());
}
tmsize_t WriteNothing(thandle_t /*source*/, void* /*bytes*/, tmsize_t /*count*/) { return -1; }
toff_t SeekTo(thandle_t source, toff_t offset, int whence) {
  auto& reader = static_cast<TiffSource*>(source)->reader;
  std::uint64_t from = 0;
  if (whence == SEEK_CUR) from = reader.position();
  if (whence == SEEK_END) from = reader.position() + reader.remaining();
  constexpr auto kFailed = static_cast<toff_t>(-1);
  return reader.Seek(from + offset) ? reader.position() : kFailed;
}
int CloseNothing(thandle_t /*source*/) { return 0; }
toff_t SizeOf(thandle_t source) { return static_cast<TiffSource*>(source)->bytes.size(); }
/// With the file mapped libtiff decodes strips where they lie, so that even a picture in one huge
/// strip costs no copy. It only reads there: its own maps are read-only.
int MapFile(thandle_t source, void** base, toff_t* size) {
  const ByteView bytes = static_cast<TiffSource*>(source)->bytes;
  *base = const_cast<std::uint8_t*>(bytes.data());
  *size = bytes.size();
  return 1;
}
void UnmapNothing(thandle_t /*source*/, void* /*base*/, toff_t /*size*/) {}

}  // namespace

TiffHandle::TiffHandle(ByteView file) : source_(std::make_unique<TiffSource>(file)) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  if (options == nullptr) return;
  TIFFOpenOptionsSetErrorHandlerExtR(options, KeepMessage, source_.get());
  TIFFOpenOptionsSetWarningHandlerExtR(options, DropWarning, nullptr);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(kMaxTiffBlockBytes));
  TIFFOpenOptionsSetMaxCumulatedMemAlloc(options, static_cast<tmsize_t>(kMaxLibraryBytes));
  tiff_.reset(TIFFClientOpenExt("TIFF file", "r", source_.get(), ReadBytes, WriteNothing, SeekTo,
                                CloseNothing, SizeOf, MapFile, UnmapNothing, options));
  TIFFOpenOptionsFree(options);
}

std::unexpected<Error> TiffHandle::Failed(std::string_view stage) const {
  return Fail(ErrorCode::kBadInput, kTiffWhere, "{}: {}", stage,
              source_->message.empty() ? "libtiff gives no reason" : source_->message);
}

}  // namespace hdrp
