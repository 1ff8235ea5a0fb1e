#include "color/icc_write.h"

#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/byte_writer.h"
#include "color/matrix.h"

namespace hdrp {
namespace {

constexpr std::size_t kHeaderSize = 128;

/// s15Fixed16Number (4.6).
void Fixed(ByteWriter& out, double value) {
  out.S32(static_cast<std::int32_t>(std::lround(value * 65'536)));
}

/// multiLocalizedUnicodeType (10.15) with one record.
[[nodiscard]] Bytes Text(std::string_view ascii) {
  ByteWriter out;
  out.Append("mluc");
  out.U32(0);
  out.U32(1);   // records
  out.U32(12);  // bytes of a record
  out.Append("enUS");
  out.U32(static_cast<std::uint32_t>(2 * ascii.size()));
  out.U32(28);  // from the start of the tag
  for (const char c : ascii) out.U16(static_cast<std::uint8_t>(c));
  return std::move(out).Take();
}

/// XYZType (10.31).
[[nodiscard]] Bytes XyzTag(const Xyz& xyz) {
  ByteWriter out;
  out.Append("XYZ ");
  out.U32(0);
  for (const double v : xyz) Fixed(out, v);
  return std::move(out).Take();
}

/// s15Fixed16ArrayType (10.22).
[[nodiscard]] Bytes MatrixTag(const Matrix& matrix) {
  ByteWriter out;
  out.Append("sf32");
  out.U32(0);
  for (const auto& row : matrix) {
    for (const double v : row) Fixed(out, v);
  }
  return std::move(out).Take();
}

/// parametricCurveType (10.18), function 0: X^g; 3: (a X + b)^g from d on, c X below.
[[nodiscard]] Bytes CurveTag(IccCurve curve) {
  const std::vector<double> parameters =
      curve == IccCurve::kAdobe ? std::vector{563.0 / 256}
                                // Adobe RGB (1998) Color Image Encoding, 4.3.4.2
                                : std::vector{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  ByteWriter out;
  out.Append("para");
  out.U32(0);
  out.U16(curve == IccCurve::kAdobe ? 0 : 3);
  out.U16(0);
  for (const double v : parameters) Fixed(out, v);
  return std::move(out).Take();
}

/// 7.2. The date is a fixed one, as the same bytes are to come out every time.
void AppendHeader(ByteWriter& out, std::size_t size) {
  out.U32(static_cast<std::uint32_t>(size));
  out.U32(0);           // preferred CMM
  out.U32(0x04300000);  // version 4.3
  out.Append("mntrRGB XYZ ");
  for (const int v : {2023, 1, 1, 0, 0, 0}) out.U16(static_cast<std::uint16_t>(v));
  out.Append("acsp");
  while (out.size() < 68) out.U32(0);  // platform, flags, device, attributes, intent
  for (const double v : kD50) Fixed(out, v);
  while (out.size() < kHeaderSize) out.U32(0);  // creator, profile id
}

struct Tag {
  std::string_view name;
  std::size_t data;  ///< index of its bytes
};

}  // namespace

Bytes WriteIccProfile(std::string_view description, const Chromaticities& primaries,
                      IccCurve curve) {
  const Xyz white = XyzOf(primaries.white);
  const Matrix adaptation = Adaptation(white, kD50);
  const Matrix colorants = Multiplied(adaptation, XyzFromRgb(primaries));
  const auto colorant = [&](std::size_t c) {
    return XyzTag({colorants[0][c], colorants[1][c], colorants[2][c]});
  };
  const std::vector<Bytes> data = {Text(description), Text("No copyright, use freely"),
                                   XyzTag(kD50),      MatrixTag(adaptation),
                                   colorant(0),       colorant(1),
                                   colorant(2),       CurveTag(curve)};
  const std::vector<Tag> tags = {{"desc", 0}, {"cprt", 1}, {"wtpt", 2}, {"chad", 3}, {"rXYZ", 4},
                                 {"gXYZ", 5}, {"bXYZ", 6}, {"rTRC", 7}, {"gTRC", 7}, {"bTRC", 7}};
  const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
  std::vector<std::size_t> offsets;
  std::size_t end = kHeaderSize + 4 + 12 * tags.size();
  for (const Bytes& bytes : data) {
    offsets.push_back(end);
    end += padded(bytes.size());
  }

  ByteWriter out;
  AppendHeader(out, end);
  out.U32(static_cast<std::uint32_t>(tags.size()));
  for (const Tag& tag : tags) {
    out.Append(tag.name);
    out.U32(static_cast<std::uint32_t>(offsets[tag.data]));
    out.U32(static_cast<std::uint32_t>(data[tag.data].size()));
  }
  for (const Bytes& bytes : data) {
    out.Append(bytes);
    while (out.size() % 4 != 0) out.U8(0);
  }
  return std::move(out).Take();
}

}  // namespace hdrp
