// A JPEG's primary image as a picture: a thin adapter over JpegRowReader.
#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/jpeg_pixels.h"
#include "decode/picture.h"
#include "metadata/jpeg_markers.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {
Expected<PictureRows> OpenJpeg(ByteView file, const PictureOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const auto stream, WalkJpeg(file, 0));
  HDRP_ASSIGN_OR_RETURN(auto icc, JoinIcc(stream));
  HDRP_ASSIGN_OR_RETURN(auto reader, JpegRowReader::Open(file, {.output = JpegOutput::kAsStored,
                                                                .limits = options.limits,
                                                                .stop = options.stop}));

  PictureInfo info;
  info.format = FileFormat::kJpeg;
  info.width = reader.width();
  info.height = reader.height();
  info.channels = reader.channels();
  if (const auto exif = stream.Find(kApp1, kExifNamespace); !exif.empty()) {
    TakeExif(exif.front()->payload, info);
    info.orientation = OrientationOf(info.exif);
  }
  info.warnings = reader.warnings();
  info.color.stated = !icc.empty();
  info.color.icc = std::move(icc);
  const SampleLayout layout{.color_channels = info.channels};
  auto read = [reader = std::move(reader), layout](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    Plane<std::uint8_t> row(band.width, 1, band.channels);
    for (int y = 0; y < band.height; ++y) {
      HDRP_RETURN_IF_ERROR(reader.Read(row.view()));
      const CodedRows codes{.data = row.Row(0), .first_row = first_row + y, .layout = layout};
      HDRP_RETURN_IF_ERROR(FloatsFromCodes(
          codes, first_row + y, {}, {band.Row(y), band.width, 1, band.channels, band.stride}));
    }
    return {};
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
