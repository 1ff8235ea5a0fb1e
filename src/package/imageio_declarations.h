// The part of Apple's CoreFoundation, CoreGraphics and ImageIO that package/imageio.cc calls, by
// its published names, so that its calls are type-checked where Apple's headers do not exist.
// Nothing here is ever linked. On Apple's platforms the real headers take its place.
#pragma once

#ifdef __APPLE__
#error "use <ImageIO/ImageIO.h>"
#endif

#include <cstddef>
#include <cstdint>

extern "C" {

// CoreFoundation
using CFTypeRef = const void*;
using CFAllocatorRef = const struct OpaqueCFAllocator*;
using CFStringRef = const struct OpaqueCFString*;
using CFNumberRef = const struct OpaqueCFNumber*;
using CFDataRef = const struct OpaqueCFData*;
using CFMutableDataRef = struct OpaqueCFData*;  // passes as a CFDataRef, as with Apple
using CFDictionaryRef = const struct OpaqueCFDictionary*;
using CFMutableDictionaryRef = struct OpaqueCFDictionary*;
using CFIndex = long;
using CFStringEncoding = std::uint32_t;
using CFNumberType = CFIndex;

struct CFDictionaryKeyCallBacks;
struct CFDictionaryValueCallBacks;
extern const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks;
extern const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks;

inline constexpr CFStringEncoding kCFStringEncodingUTF8 = 0x08000100;
inline constexpr CFNumberType kCFNumberSInt64Type = 4;
inline constexpr CFNumberType kCFNumberFloat64Type = 6;

void CFRelease(CFTypeRef object);
CFStringRef CFStringCreateWithCString(CFAllocatorRef allocator, const char* text,
                                      CFStringEncoding encoding);
CFNumberRef CFNumberCreate(CFAllocatorRef allocator, CFNumberType type, const void* value);
CFDataRef CFDataCreate(CFAllocatorRef allocator, const std::uint8_t* bytes, CFIndex length);
const std::uint8_t* CFDataGetBytePtr(CFDataRef data);
CFIndex CFDataGetLength(CFDataRef data);
CFMutableDataRef CFDataCreateMutable(CFAllocatorRef allocator, CFIndex capacity);
CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
                                                 const CFDictionaryKeyCallBacks* keys,
                                                 const CFDictionaryValueCallBacks* values);
void CFDictionarySetValue(CFMutableDictionaryRef dictionary, const void* key, const void* value);

// CoreGraphics
using CGColorSpaceRef = struct OpaqueCGColorSpace*;
using CGDataProviderRef = struct OpaqueCGDataProvider*;
using CGImageRef = struct OpaqueCGImage*;
using CGFloat = double;
using CGBitmapInfo = std::uint32_t;
enum CGColorRenderingIntent : std::int32_t { kCGRenderingIntentDefault = 0 };

extern const CFStringRef kCGColorSpaceSRGB;
extern const CFStringRef kCGColorSpaceGenericGrayGamma2_2;

CGColorSpaceRef CGColorSpaceCreateWithName(CFStringRef name);
CGColorSpaceRef CGColorSpaceCreateWithICCData(CFTypeRef data);
std::size_t CGColorSpaceGetNumberOfComponents(CGColorSpaceRef space);
CGDataProviderRef CGDataProviderCreateWithCFData(CFDataRef data);
CGImageRef CGImageCreate(std::size_t width, std::size_t height, std::size_t bits_per_component,
                         std::size_t bits_per_pixel, std::size_t bytes_per_row,
                         CGColorSpaceRef space, CGBitmapInfo bitmap_info,
                         CGDataProviderRef provider, const CGFloat* decode, bool should_interpolate,
                         CGColorRenderingIntent intent);

// ImageIO
using CGImageDestinationRef = struct OpaqueCGImageDestination*;
using CGImageSourceRef = struct OpaqueCGImageSource*;
using CGImageMetadataRef = const struct OpaqueCGImageMetadata*;

extern const CFStringRef kCGImageDestinationLossyCompressionQuality;
extern const CFStringRef kCGImagePropertyOrientation;
extern const CFStringRef kCGImagePropertyMakerAppleDictionary;
extern const CFStringRef kCGImageAuxiliaryDataTypeHDRGainMap;
extern const CFStringRef kCGImageAuxiliaryDataTypeISOGainMap;
extern const CFStringRef kCGImageAuxiliaryDataInfoData;
extern const CFStringRef kCGImageAuxiliaryDataInfoDataDescription;
extern const CFStringRef kCGImageAuxiliaryDataInfoMetadata;

CGImageMetadataRef CGImageMetadataCreateFromXMPData(CFDataRef packet);
CGImageDestinationRef CGImageDestinationCreateWithData(CFMutableDataRef data, CFStringRef type,
                                                       std::size_t count, CFDictionaryRef options);
void CGImageDestinationAddImage(CGImageDestinationRef destination, CGImageRef image,
                                CFDictionaryRef properties);
void CGImageDestinationAddImageAndMetadata(CGImageDestinationRef destination, CGImageRef image,
                                           CGImageMetadataRef metadata, CFDictionaryRef options);
void CGImageDestinationAddAuxiliaryDataInfo(CGImageDestinationRef destination, CFStringRef type,
                                            CFDictionaryRef info);
bool CGImageDestinationFinalize(CGImageDestinationRef destination);
CGImageSourceRef CGImageSourceCreateWithData(CFDataRef data, CFDictionaryRef options);
CFDictionaryRef CGImageSourceCopyAuxiliaryDataInfoAtIndex(CGImageSourceRef source,
                                                          std::size_t index, CFStringRef type);

}  // extern "C"
