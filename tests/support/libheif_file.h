// HEIC files read back with libheif itself, for tests of what we write. Only for programs that link
// libheif.
#pragma once

#include <gtest/gtest.h>
#include <libheif/heif.h>
#include <libheif/heif_entity_groups.h>
#include <libheif/heif_items.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/plane.h"

namespace hdrp::test {

class LibheifFile {
 public:
  explicit LibheifFile(const Bytes& file) : context_(heif_context_alloc()) {
    const heif_error error =
        heif_context_read_from_memory(context_.get(), file.data(), file.size(), nullptr);
    EXPECT_EQ(error.code, heif_error_Ok) << error.message;
  }

  [[nodiscard]] heif_context* context() const { return context_.get(); }

  [[nodiscard]] heif_item_id Primary() const {
    heif_item_id id = 0;
    EXPECT_EQ(heif_context_get_primary_image_ID(context(), &id).code, heif_error_Ok);
    return id;
  }

  /// The ids of a group's members; empty where there is no such group.
  [[nodiscard]] std::vector<heif_item_id> Group(const std::string& type) const {
    std::vector<heif_item_id> members;
    int count = 0;
    heif_entity_group* groups = heif_context_get_entity_groups(context(), 0, 0, &count);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t code = groups[i].entity_group_type;
      std::string name;
      for (const int shift : {24, 16, 8, 0}) name += static_cast<char>((code >> shift) & 0xFF);
      if (name != type) continue;
      members.assign(groups[i].entities, groups[i].entities + groups[i].num_entities);
    }
    heif_entity_groups_release(groups, count);
    return members;
  }

  /// An item's payload.
  [[nodiscard]] Bytes Data(heif_item_id id) const {
    std::uint8_t* data = nullptr;
    std::size_t size = 0;
    const heif_error error = heif_item_get_item_data(context(), id, nullptr, &data, &size);
    EXPECT_EQ(error.code, heif_error_Ok) << error.message;
    Bytes bytes;
    if (data != nullptr) bytes.assign(data, data + size);
    heif_release_item_data(context(), &data);
    return bytes;
  }

  /// The displayed picture, 3 channels, or a grey one's samples. Empty where it does not decode.
  [[nodiscard]] Plane<std::uint8_t> Decode(heif_item_id id, bool grey) const {
    heif_image_handle* handle = nullptr;
    heif_error error = heif_context_get_image_handle(context(), id, &handle);
    EXPECT_EQ(error.code, heif_error_Ok) << error.message;
    if (handle == nullptr) return {};
    heif_image* image = nullptr;
    error =
        heif_decode_image(handle, &image, grey ? heif_colorspace_monochrome : heif_colorspace_RGB,
                          grey ? heif_chroma_monochrome : heif_chroma_interleaved_RGB, nullptr);
    heif_image_handle_release(handle);
    EXPECT_EQ(error.code, heif_error_Ok) << error.message;
    if (image == nullptr) return {};
    const heif_channel channel = grey ? heif_channel_Y : heif_channel_interleaved;
    Plane<std::uint8_t> pixels(heif_image_get_width(image, channel),
                               heif_image_get_height(image, channel), grey ? 1 : 3);
    std::size_t stride = 0;
    const std::uint8_t* data = heif_image_get_plane_readonly2(image, channel, &stride);
    for (int y = 0; y < pixels.height(); ++y) {
      const auto row = pixels.view().RowSpan(y);
      std::copy_n(data + static_cast<std::size_t>(y) * stride, row.size(), row.begin());
    }
    heif_image_release(image);
    return pixels;
  }

 private:
  struct Freer {
    void operator()(heif_context* context) const { heif_context_free(context); }
  };
  std::unique_ptr<heif_context, Freer> context_;
};

}  // namespace hdrp::test
