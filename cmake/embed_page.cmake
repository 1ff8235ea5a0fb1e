# cmake -DPAGE=folder -DOUTPUT=file.cc -P embed_page.cmake
#
# Writes PageAssets() (src/service/assets.h) for the files that PAGE/manifest.tsv lists: address,
# file, media type, "immutable" or "no-cache". Without that list there are none.
set(blobs "")
set(rows "")
set(index 0)
if(EXISTS "${PAGE}/manifest.tsv")
  file(STRINGS "${PAGE}/manifest.tsv" lines)
  foreach(line IN LISTS lines)
    string(REPLACE ";" "\\;" line "${line}")  # media types hold semicolons
    string(REPLACE "\t" ";" fields "${line}")
    list(GET fields 0 address)
    list(GET fields 1 file)
    list(GET fields 2 type)
    list(GET fields 3 caching)
    if(caching STREQUAL "immutable")
      set(caching "public, max-age=31536000, immutable")
    endif()
    string(APPEND blobs
      "asm(\".section .rodata\\npage_${index}:\\n.incbin \\\"${PAGE}/${file}\\\"\\npage_${index}_end:\\n.byte 0\\n.previous\");\n"
      "extern \"C\" const std::uint8_t page_${index}[], page_${index}_end[];\n")
    string(APPEND rows
      "      {\"${address}\", \"${type}\", \"${caching}\", {page_${index}, page_${index}_end}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
endif()
file(WRITE "${OUTPUT}"
"// Made by cmake/embed_page.cmake.
#include <cstdint>
#include <vector>

#include \"service/assets.h\"

${blobs}
namespace hdrp {

std::span<const Asset> PageAssets() {
  static const std::vector<Asset> assets = {
${rows}  };
  return assets;
}

}  // namespace hdrp
")
