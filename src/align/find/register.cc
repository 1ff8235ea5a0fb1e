#include "align/find/register.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "align/find/block_matches.h"
#include "align/find/feature_matches.h"
#include "align/find/overlaid.h"
#include "align/find/parallax.h"
#include "align/find/sharpen.h"
#include "align/find/shrunk.h"
#include "align/framing.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "alignment";
constexpr int kLeastInliers = 6;         // features; blocks have to confirm them
constexpr int kEnoughPlaces = 12;        // features and blocks, to refine by
constexpr int kEnoughInliers = 18;       // not to look more closely
constexpr double kClearlyInPlace = 0.5;  // of the textured blocks: the mirror need not be tried
constexpr double kLeastOverlap = 0.3;
constexpr int kReach = 10;      // px, of the blocks that judge
constexpr float kAlike = 0.6F;  // correlation of a block that is found

constexpr double kStretch = 1.05;       // of one axis against the other, for crops
constexpr double kStretchByTilt = 1.0;  // and more where the picture is tilted
constexpr double kMostTilt = 0.4;       // of h31 and h32, normalised coordinates

constexpr double kLeastInPlace = 0.15;  // of the overlap's textured blocks; soft edits have .27

/// Lower than for pictures that are merely laid over each other, as features have agreed already.
constexpr double kLeastAgreement = 0.3;

/// A picture to look at, and where in its raster it lies.
struct Prepared {
  cv::Mat luma;
  Extent extent;
};

/// At most kRegisteredSide long.
[[nodiscard]] Prepared Prepare(const LumaView& view) {
  const PlaneView<const std::uint8_t>& plane = view.codes;
  Prepared result{cv::Mat(plane.height, plane.width, CV_8UC1), view.extent};
  for (int y = 0; y < plane.height; ++y) {
    std::ranges::copy(plane.RowSpan(y), result.luma.ptr<std::uint8_t>(y));
  }
  const double scale =
      static_cast<double>(kRegisteredSide) / std::max(result.luma.cols, result.luma.rows);
  if (scale >= 1) return result;
  result.luma = Shrunk(result.luma, scale);
  const Extent& e = view.extent;
  result.extent = {e.left * scale, e.top * scale, e.width * scale, e.height * scale};
  return result;
}

struct Found {
  PixelMap map;  ///< pixels of the edit's raster to pixels of the reference's
  int inliers = 0;
  double sigma_px = 0;
  PointPairs features;    ///< all that were matched, right or not
  bool mirrored = false;  ///< it is the edit mirrored left-right that all this is about
};

/// About which a lens correction bends: the reference's middle.
[[nodiscard]] PixelMap BendOf(const Extent& reference) {
  PixelMap map;
  map.middle = {reference.left + reference.width / 2 - 0.5,
                reference.top + reference.height / 2 - 0.5};
  map.radius = std::hypot(reference.width, reference.height) / 2;
  return map;
}

/// Of pixel centres.
[[nodiscard]] cv::Matx33d MirrorOf(const cv::Mat& picture) {
  return {-1, 0, static_cast<double>(picture.cols - 1), 0, 1, 0, 0, 0, 1};
}

/// What blocks all over the overlap say beside the features, which cluster where contrast is.
[[nodiscard]] bool Refine(const cv::Mat& edit, const cv::Mat& reference, const BlockSearch& search,
                          Found& found) {
  const Overlaid overlaid = Overlay(edit, reference, found.map);
  const BlockMatches blocks =
      MatchBlocks(overlaid.edit, overlaid.reference, overlaid.inside, search);
  PointPairs pairs;
  for (const BlockMatch& match : blocks.matches) {
    if (match.likeness < kAlike) continue;
    pairs.from.push_back(match.at);
    pairs.to.push_back(Moved(overlaid.to_source, match.at + match.shift));
  }
  const cv::Matx33d of_edit = overlaid.to_edit.inv(), of_reference = overlaid.to_reference.inv();
  for (std::size_t i = 0; i < found.features.size(); ++i) {
    pairs.from.push_back(Moved(of_edit, found.features.from[i]));
    pairs.to.push_back(Moved(of_reference, found.features.to[i]));
  }
  const TransformFit fit = FitTransform(pairs, overlaid.to_source, search.reach);
  if (fit.agreeing < kEnoughPlaces) return false;
  found.map = Between(fit.map, overlaid.to_edit.inv(), overlaid.to_reference);
  found.inliers = fit.agreeing;
  found.sigma_px = fit.sigma * overlaid.to_reference(0, 0);
  return true;
}

/// Pixel centres of the rasters to 0..1 of the pictures.
[[nodiscard]] FramingMap Normalised(const PixelMap& map, const Extent& edit,
                                    const Extent& reference) {
  const cv::Matx33d from(edit.width, 0, edit.left - 0.5, 0, edit.height, edit.top - 0.5, 0, 0, 1);
  const cv::Matx33d pixels(reference.width, 0, reference.left - 0.5, 0, reference.height,
                           reference.top - 0.5, 0, 0, 1);
  const cv::Matx33d n = pixels.inv() * map.projective * from;
  FramingMap result({}, map.radial, reference.width / reference.height);
  for (int i = 0; i < 9; ++i) {
    result.projective[static_cast<std::size_t>(i)] = n.val[i] / n.val[8];
  }
  return result;
}

/// The edit's corners in order around a convex quadrangle of sensible size, whichever way round.
[[nodiscard]] bool IsConvex(const FramingMap& h) {
  const std::array<Point, 4> corners = {Apply(h, {0, 0}), Apply(h, {1, 0}), Apply(h, {1, 1}),
                                        Apply(h, {0, 1})};
  double sign = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point a = corners[i], b = corners[(i + 1) % 4], c = corners[(i + 2) % 4];
    const double cross = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
    if (!std::isfinite(cross) || std::abs(cross) < 0.01 || cross * sign < 0) return false;
    sign = cross;
  }
  return true;
}

/// An edit is a similar picture, or one tilted a little, or stretched a little.
[[nodiscard]] Expected<void> CheckShape(const Registration& found) {
  const Homography& h = found.to_reference.projective;
  const double tilt = std::abs(h[6]) + std::abs(h[7]);
  if (!IsConvex(found.to_reference) || tilt > kMostTilt) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the edit would have to be bent too far to lie in the original");
  }
  const double limit = kStretch + kStretchByTilt * tilt;
  if (found.stretch > limit) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the edit is stretched by {:.1f} % against the original, expected at most {:.1f} %",
                100 * (found.stretch - 1), 100 * (limit - 1));
  }
  return {};
}

/// Share of the textured blocks that are found where the transform says.
[[nodiscard]] double ShareInPlace(const BlockMatches& blocks) {
  const auto in_place = std::ranges::count_if(blocks.matches, [](const BlockMatch& match) {
    return cv::norm(match.shift) <= kInPlacePx && match.likeness >= kAlike;
  });
  return blocks.blocks == 0 ? 0 : static_cast<double>(in_place) / blocks.blocks;
}

[[nodiscard]] double StructureOf(const Overlaid& overlaid) {
  // The outside is the same flat grey in both, which is no structure.
  cv::Mat edit = overlaid.edit.clone(), reference = overlaid.reference.clone();
  const double grey = cv::mean(edit)[0];
  edit.setTo(grey, overlaid.inside == 0);
  reference.setTo(grey, overlaid.inside == 0);
  return StructureAgreement(ViewOf(edit), Orientation::kTopLeft, ViewOf(reference),
                            Orientation::kTopLeft);
}

/// A transform that blocks have made as good as it gets, and what they say of it.
struct Judged {
  Found found;
  cv::Mat edit;  ///< mirrored where `found` is
  Overlaid overlaid;
  BlockMatches blocks;
  double in_place = 0;
};

/// nullopt where too few features agree.
[[nodiscard]] std::optional<Judged> Judge(const Prepared& edit, const Prepared& reference,
                                          Found found) {
  if (found.inliers < kLeastInliers) return std::nullopt;
  cv::Mat luma = edit.luma;
  if (found.mirrored) cv::flip(edit.luma, luma, 1);
  // A few blocks bring it near, all of them then need not look far.
  for (const BlockSearch& search :
       {BlockSearch{.reach = 8, .across = 16}, BlockSearch{.reach = 4}}) {
    if (!IsConvex(Normalised(found.map, edit.extent, reference.extent)) ||
        !Refine(luma, reference.luma, search, found)) {
      break;
    }
  }
  constexpr int kSharpenings = 2;
  for (int i = 0; i < kSharpenings; ++i) found.map = Sharpened(luma, reference.luma, found.map);
  Overlaid overlaid = Overlay(luma, reference.luma, found.map);
  BlockMatches blocks =
      MatchBlocks(overlaid.edit, overlaid.reference, overlaid.inside, {.reach = kReach});
  const double in_place = ShareInPlace(blocks);
  return Judged{std::move(found), std::move(luma), std::move(overlaid), std::move(blocks),
                in_place};
}

/// By how many blocks are in place: scenes that resemble their mirror image have features enough
/// for both.
[[nodiscard]] std::optional<Judged> Better(std::optional<Judged> a, std::optional<Judged> b) {
  const auto places = [](const std::optional<Judged>& judged) {
    return judged ? judged->in_place * judged->blocks.blocks : -1;
  };
  return places(b) > places(a) ? std::move(b) : std::move(a);
}

struct Searched {
  std::optional<Judged> judged;
  int features = 0;  ///< that agree, before blocks joined them
};

[[nodiscard]] Searched Search(const Prepared& edit, const Prepared& reference,
                              const FeatureSearch& search) {
  const Features of_reference = FeaturesOf(reference.luma, search);
  const Features of_edit = FeaturesOf(edit.luma, search);
  const auto found = [&](const Features& features, bool mirrored) -> Found {
    PointPairs pairs = MatchFeatures(features, of_reference);
    TransformFit fit = RobustTransform(pairs, BendOf(reference.extent));
    return {fit.map, fit.agreeing, fit.sigma, std::move(pairs), mirrored};
  };
  Found as_is = found(of_edit, false);
  Searched result{Judge(edit, reference, as_is), as_is.inliers};
  const bool clear = result.judged && result.judged->in_place >= kClearlyInPlace &&
                     result.judged->blocks.blocks >= kEnoughPlaces;
  if (clear && as_is.inliers >= kEnoughInliers) return result;
  // SIFT sees rotations alike, but not mirror images.
  Found mirrored = found(Mirrored(of_edit, edit.luma.cols), true);
  result.features = std::max(as_is.inliers, mirrored.inliers);
  // What has a fraction of the other's features has no blocks to show for it.
  constexpr int kFraction = 8;
  if (kFraction * mirrored.inliers < as_is.inliers) return result;
  result.judged = Better(std::move(result.judged), Judge(edit, reference, std::move(mirrored)));
  return result;
}

[[nodiscard]] Searched Search(const Prepared& edit, const Prepared& reference) {
  Searched found = Search(edit, reference, FeatureSearch{});
  if (found.features >= kEnoughInliers) return found;
  Searched closer = Search(edit, reference, kThoroughSearch);
  return {Better(std::move(found.judged), std::move(closer.judged)),
          std::max(found.features, closer.features)};
}

[[nodiscard]] Expected<Registration> Find(const LumaView& edit, const LumaView& reference) {
  cv::setNumThreads(1);
  const Prepared e = Prepare(edit), r = Prepare(reference);
  const auto [judged, features] = Search(e, r);
  if (!judged) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the two pictures have too little in common: {} places agree, expected at least {}",
                features, kLeastInliers);
  }
  const auto& [found, luma, overlaid, blocks, in_place] = *judged;
  Registration result;
  result.inliers = found.inliers;
  result.residual = found.sigma_px / std::hypot(r.luma.cols, r.luma.rows);
  PixelMap map = found.map;
  if (found.mirrored) map = Between(map, MirrorOf(e.luma), cv::Matx33d::eye());
  result.to_reference = Normalised(map, e.extent, r.extent);
  const std::array<double, 2> steps =
      StepsAt(found.map.projective, {luma.cols / 2.0, luma.rows / 2.0});
  result.stretch = steps[0] / steps[1];
  HDRP_RETURN_IF_ERROR(CheckShape(result));
  result.overlap = cv::countNonZero(overlaid.inside) / static_cast<double>(overlaid.inside.total());
  if (result.overlap < kLeastOverlap) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "only {:.0f} % of the edit lie in the original, expected at least {:.0f} %",
                100 * result.overlap, 100 * kLeastOverlap);
  }
  // Where nearly nothing has texture, features that agree have to be enough.
  const bool telling = blocks.blocks >= kEnoughPlaces || found.inliers < kEnoughInliers;
  if (telling && in_place < kLeastInPlace) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the two pictures have too little in common: where they overlap {:.0f} % of the "
                "places agree, expected at least {:.0f} %",
                100 * in_place, 100 * kLeastInPlace);
  }
  // Frames and additions break up the structure of whole neighbourhoods, noise reduction that of
  // blocks.
  result.agreement = std::max(StructureOf(overlaid), in_place);
  if (result.agreement < kLeastAgreement) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "where the two pictures overlap they agree only {:.2f}, expected at least {:.2f}",
                result.agreement, kLeastAgreement);
  }
  const ParallaxSigns parallax = SignsOfParallax(overlaid, blocks, found.features, found.map);
  result.parallax = parallax.Sum();
  if (result.parallax > 1) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the two pictures show the scene from different places: {:.1f} % of the places and "
                "{:.1f} % of the features "
                "that they share have moved against the rest",
                100 * std::max(parallax.blocks, parallax.outlines), 100 * parallax.features);
  }
  return result;
}

}  // namespace

Expected<Registration> Register(const LumaView& edit, const LumaView& reference) {
  Expected<Registration> found = Find(edit, reference);
  if (!found) found.error().message.insert(0, "not the same photograph: ");
  return found;
}

}  // namespace hdrp
