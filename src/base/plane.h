// Pixel storage: Plane<T> owns, PlaneView<T> borrows. Channels are interleaved within a row.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace hdrp {

/// Borrowed pixels. `stride` counts elements from one row to the next (>= width * channels).
template <typename T>
struct PlaneView {
  T* data = nullptr;
  int width = 0;
  int height = 0;
  int channels = 1;
  std::size_t stride = 0;

  [[nodiscard]] T* Row(int y) const {
    assert(y >= 0 && y < height);
    return data + static_cast<std::size_t>(y) * stride;
  }
  [[nodiscard]] std::span<T> RowSpan(int y) const {
    return {Row(y), static_cast<std::size_t>(width) * static_cast<std::size_t>(channels)};
  }
  [[nodiscard]] T& At(int x, int y, int channel = 0) const {
    return Row(y)[static_cast<std::size_t>(x) * static_cast<std::size_t>(channels) +
                  static_cast<std::size_t>(channel)];
  }
  operator PlaneView<const T>() const  // NOLINT(google-explicit-constructor): view of const
    requires(!std::is_const_v<T>)
  {
    return {data, width, height, channels, stride};
  }
};

/// Owned pixels, zero-initialised, move-only. Rows are padded to whole 64-byte lines so that SIMD
/// loads of a full vector at the end of a row stay inside the allocation.
template <typename T>
class Plane {
 public:
  Plane() = default;
  Plane(int width, int height, int channels = 1)
      : width_(width), height_(height), channels_(channels) {
    assert(width > 0 && height > 0 && channels > 0);
    constexpr std::size_t kLine = 64 / sizeof(T);
    const std::size_t row = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
    stride_ = (row + kLine - 1) / kLine * kLine + kLine;
    data_.resize(stride_ * static_cast<std::size_t>(height));
  }
  Plane(Plane&& other) noexcept { *this = std::move(other); }
  Plane& operator=(Plane&& other) noexcept {
    data_ = std::move(other.data_);
    width_ = std::exchange(other.width_, 0);
    height_ = std::exchange(other.height_, 0);
    channels_ = std::exchange(other.channels_, 1);
    stride_ = std::exchange(other.stride_, 0);
    return *this;
  }

  [[nodiscard]] Plane Clone() const {
    if (empty()) return {};
    Plane copy;
    copy.data_ = data_;
    copy.width_ = width_;
    copy.height_ = height_;
    copy.channels_ = channels_;
    copy.stride_ = stride_;
    return copy;
  }

  [[nodiscard]] bool empty() const { return data_.empty(); }
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] int channels() const { return channels_; }
  [[nodiscard]] PlaneView<T> view() { return {data_.data(), width_, height_, channels_, stride_}; }
  [[nodiscard]] PlaneView<const T> view() const {
    return {data_.data(), width_, height_, channels_, stride_};
  }
  [[nodiscard]] T* Row(int y) { return view().Row(y); }
  [[nodiscard]] const T* Row(int y) const { return view().Row(y); }

 private:
  std::vector<T> data_;
  int width_ = 0;
  int height_ = 0;
  int channels_ = 1;
  std::size_t stride_ = 0;
};

}  // namespace hdrp
