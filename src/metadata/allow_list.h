// What the policy `allow` lets through, as tables: EXIF tags, IPTC datasets, Photoshop resources
// and XMP properties. The facts are the same in all of them: orientation, camera, lens, exposure,
// dates, copyright and artist, and of what people write themselves (IPTC, XMP) also title, caption,
// keywords, rating and creator. Whatever is in no table goes: places, people, contact data, serial
// numbers, owners, maker notes, previews, histories, document ids, and anything not known yet.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hdrp {

struct ExifTag {
  std::string_view ifd;   ///< Image: IFD0; Photo: the Exif IFD; Iop: interoperability
  std::string_view name;  ///< EXIF's name, which XMP's tiff:, exif: and exifEX: use as well
};

/// Source of the names: EXIF 2.32 (CIPA DC-008). IFD1 (the thumbnail), GPS and MakerNote have none.
inline constexpr auto kAllowedExif = std::to_array<ExifTag>({
    // how to show the picture
    {"Image", "Orientation"},
    {"Image", "XResolution"},
    {"Image", "YResolution"},
    {"Image", "ResolutionUnit"},
    {"Image", "YCbCrPositioning"},
    {"Photo", "ExifVersion"},
    {"Photo", "FlashpixVersion"},
    {"Photo", "ComponentsConfiguration"},
    {"Photo", "CompressedBitsPerPixel"},
    {"Photo", "ColorSpace"},
    {"Photo", "Gamma"},
    {"Photo", "PixelXDimension"},
    {"Photo", "PixelYDimension"},
    {"Iop", "InteroperabilityIndex"},
    {"Iop", "InteroperabilityVersion"},
    // camera
    {"Image", "Make"},
    {"Image", "Model"},
    {"Photo", "FileSource"},
    {"Photo", "SensingMethod"},
    {"Photo", "FocalPlaneXResolution"},
    {"Photo", "FocalPlaneYResolution"},
    {"Photo", "FocalPlaneResolutionUnit"},
    // lens
    {"Photo", "LensMake"},
    {"Photo", "LensModel"},
    {"Photo", "LensSpecification"},
    {"Photo", "FocalLength"},
    {"Photo", "FocalLengthIn35mmFilm"},
    {"Photo", "MaxApertureValue"},
    // exposure
    {"Photo", "ExposureTime"},
    {"Photo", "FNumber"},
    {"Photo", "ExposureProgram"},
    {"Photo", "ISOSpeedRatings"},  // since 2.3: PhotographicSensitivity
    {"Photo", "SensitivityType"},
    {"Photo", "StandardOutputSensitivity"},
    {"Photo", "RecommendedExposureIndex"},
    {"Photo", "ISOSpeed"},
    {"Photo", "ISOSpeedLatitudeyyy"},
    {"Photo", "ISOSpeedLatitudezzz"},
    {"Photo", "ShutterSpeedValue"},
    {"Photo", "ApertureValue"},
    {"Photo", "BrightnessValue"},
    {"Photo", "ExposureBiasValue"},
    {"Photo", "ExposureIndex"},
    {"Photo", "ExposureMode"},
    {"Photo", "SubjectDistance"},
    {"Photo", "SubjectDistanceRange"},
    {"Photo", "MeteringMode"},
    {"Photo", "LightSource"},
    {"Photo", "Flash"},
    {"Photo", "FlashEnergy"},
    {"Photo", "WhiteBalance"},
    {"Photo", "DigitalZoomRatio"},
    {"Photo", "SceneType"},
    {"Photo", "SceneCaptureType"},
    {"Photo", "GainControl"},
    {"Photo", "Contrast"},
    {"Photo", "Saturation"},
    {"Photo", "Sharpness"},
    {"Photo", "CustomRendered"},
    {"Photo", "CompositeImage"},
    {"Photo", "SourceImageNumberOfCompositeImage"},
    {"Photo", "SourceExposureTimesOfCompositeImage"},
    // dates
    {"Image", "DateTime"},
    {"Photo", "DateTimeOriginal"},
    {"Photo", "DateTimeDigitized"},
    {"Photo", "OffsetTime"},
    {"Photo", "OffsetTimeOriginal"},
    {"Photo", "OffsetTimeDigitized"},
    {"Photo", "SubSecTime"},
    {"Photo", "SubSecTimeOriginal"},
    {"Photo", "SubSecTimeDigitized"},
    // copyright, artist
    {"Image", "Copyright"},
    {"Image", "Artist"},
});

struct IptcDataset {
  std::uint8_t record;
  std::uint8_t number;
};

/// Source of the numbers: IPTC-NAA Information Interchange Model 4.2.
inline constexpr auto kAllowedIptc = std::to_array<IptcDataset>({
    {1, 0},    // ModelVersion
    {1, 90},   // CodedCharacterSet: says how the texts are to be read
    {2, 0},    // RecordVersion
    {2, 5},    // ObjectName (title)
    {2, 10},   // Urgency (some programs' rating)
    {2, 15},   // Category
    {2, 20},   // SupplementalCategories
    {2, 25},   // Keywords
    {2, 55},   // DateCreated
    {2, 60},   // TimeCreated
    {2, 62},   // DigitalCreationDate
    {2, 63},   // DigitalCreationTime
    {2, 80},   // By-line (creator)
    {2, 85},   // By-lineTitle
    {2, 105},  // Headline
    {2, 110},  // Credit
    {2, 115},  // Source
    {2, 116},  // CopyrightNotice
    {2, 120},  // Caption
});

/// Source of the numbers: Adobe Photoshop File Formats Specification, "Image Resource IDs". IPTC
/// (0x0404) is filtered by the table above; its digest (0x0425) would be stale.
inline constexpr auto kAllowedPhotoshop = std::to_array<std::uint16_t>({
    0x03ED,  // ResolutionInfo
    0x040A,  // CopyrightFlag
});

struct XmpNamespace {
  std::string_view uri;
  std::string_view names;  ///< local names with a space between them; "*" for all
};

/// Source of the names: XMP specification parts 1 and 2, IPTC Photo Metadata 2023.1, and what
/// Lightroom and phones write. tiff:, exif: and exifEX: follow kAllowedExif.
inline constexpr auto kAllowedXmp = std::to_array<XmpNamespace>({
    {"http://purl.org/dc/elements/1.1/",
     "creator date description format language publisher rights subject title type"},
    {"http://ns.adobe.com/xap/1.0/", "CreateDate Label MetadataDate ModifyDate Rating"},
    {"http://ns.adobe.com/xap/1.0/rights/", "Marked UsageTerms WebStatement"},
    {"http://ns.adobe.com/photoshop/1.0/",
     "AuthorsPosition Category ColorMode Credit DateCreated Headline ICCProfile Source "
     "SupplementalCategories Urgency"},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
     "AltTextAccessibility ExtDescrAccessibility IntellectualGenre Scene SubjectCode"},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType"},
    {"http://ns.useplus.org/ldf/xmp/1.0/", "DataMining"},
    {"http://creativecommons.org/ns#", "attributionName license"},
    {"http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject weightedFlatSubject"},
    {"http://ns.microsoft.com/photo/1.0/", "Rating"},
    {"http://ns.adobe.com/exif/1.0/aux/",
     "ApproximateFocusDistance FlashCompensation Lens LensID LensInfo"},
    {"http://cipa.jp/exif/1.0/", "PhotographicSensitivity"},
    // How an editor developed the picture: settings, not facts about people.
    {"http://ns.adobe.com/camera-raw-settings/1.0/", "*"},
    // Without these a panorama is shown flat.
    {"http://ns.google.com/photos/1.0/panorama/",
     "CroppedAreaImageHeightPixels CroppedAreaImageWidthPixels CroppedAreaLeftPixels "
     "CroppedAreaTopPixels FullPanoHeightPixels FullPanoWidthPixels ProjectionType "
     "UsePanoramaViewer"},
    // Joins the packet with its extension.
    {"http://ns.adobe.com/xmp/note/", "HasExtendedXMP"},
});

/// XMP's forms of EXIF.
inline constexpr auto kExifUris = std::to_array<std::string_view>({
    "http://ns.adobe.com/tiff/1.0/",
    "http://ns.adobe.com/exif/1.0/",
    "http://cipa.jp/exif/1.0/",
});

[[nodiscard]] constexpr bool IsAllowedExif(std::string_view ifd, std::string_view name) {
  return std::ranges::any_of(
      kAllowedExif, [&](const ExifTag& tag) { return tag.ifd == ifd && tag.name == name; });
}

[[nodiscard]] constexpr bool IsAllowedIptc(std::uint8_t record, std::uint8_t number) {
  return std::ranges::any_of(kAllowedIptc, [&](const IptcDataset& dataset) {
    return dataset.record == record && dataset.number == number;
  });
}

/// `names` as in XmpNamespace.
[[nodiscard]] constexpr bool Lists(std::string_view names, std::string_view name) {
  if (names == "*") return true;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(' ', at), names.size());
    if (names.substr(at, end - at) == name) return true;
    at = end + 1;
  }
  return false;
}

[[nodiscard]] constexpr bool IsAllowedXmp(std::string_view uri, std::string_view name) {
  const bool is_listed = std::ranges::any_of(kAllowedXmp, [&](const XmpNamespace& row) {
    return row.uri == uri && Lists(row.names, name);
  });
  return is_listed || (std::ranges::contains(kExifUris, uri) &&
                       std::ranges::contains(kAllowedExif, name, &ExifTag::name));
}

}  // namespace hdrp
