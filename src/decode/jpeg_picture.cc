// A JPEG's primary image as a picture: a thin adapter over JpegRowReader.
#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/jpeg_pixels.h"
#include "decode/picture.h"
#include "metadata/jpeg_markers.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {
Expected<PictureRows> OpenJpeg(ByteView file, const PictureOptions& options) {
  const auto stream = WalkJpeg(file, 0);
  if (!stream) return std::unexpected(stream.error());
  auto icc = JoinIcc(*stream);
  if (!icc) return std::unexpected(std::move(icc.error()));
  auto reader = JpegRowReader::Open(
      file, {.output = JpegOutput::kAsStored, .limits = options.limits, .stop = options.stop});
  if (!reader) return std::unexpected(std::move(reader.error()));

  PictureInfo info;
  info.format = FileFormat::kJpeg;
  info.width = reader->width();
  info.height = reader->height();
  info.channels = reader->channels();
  if (const auto exif = stream->Find(kApp1, kExifNamespace); !exif.empty()) {
    TakeExif(exif.front()->payload, info);
    info.orientation = OrientationOf(info.exif);
  }
  info.warnings = reader->warnings();
  info.color.stated = !icc->empty();
  info.color.icc = std::move(*icc);
  const SampleLayout layout{.color_channels = info.channels};
  auto read = [reader = std::move(*reader), layout](int first_row, PlaneView<float> band) mutable {
    Plane<std::uint8_t> row(band.width, 1, band.channels);
    Expected<void> done;
    for (int y = 0; y < band.height && done; ++y) {
      done = reader.Read(row.view());
      if (!done) break;
      const CodedRows codes{.data = row.Row(0), .first_row = first_row + y, .layout = layout};
      done = FloatsFromCodes(codes, first_row + y, {},
                             {band.Row(y), band.width, 1, band.channels, band.stride});
    }
    return done;
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
