#include "align/register.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "align/block_matches.h"
#include "align/feature_matches.h"
#include "align/framing.h"
#include "align/overlaid.h"
#include "align/parallax.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "alignment";
constexpr int kLeastInliers = 6;      // features; blocks have to confirm them
constexpr int kEnoughPlaces = 12;     // features and blocks, to refine by
constexpr int kEnoughInliers = 18;    // not to look more closely
constexpr int kPlentyOfInliers = 36;  // a mirror image does not have as many
constexpr double kLeastOverlap = 0.3;
constexpr int kReach = 10;      // px, of the blocks that judge
constexpr float kAlike = 0.6F;  // correlation of a block that is found

constexpr double kStretch = 1.02;       // of one axis against the other, for crops
constexpr double kStretchByTilt = 1.0;  // and more where the picture is tilted
constexpr double kMostTilt = 0.4;       // of h31 and h32, normalised coordinates

constexpr double kLeastInPlace = 0.15;  // of the overlap's textured blocks; soft edits have .27

/// Lower than for pictures that are merely laid over each other, as features have agreed already.
constexpr double kLeastAgreement = 0.3;

/// At most kRegisteredSide long.
[[nodiscard]] cv::Mat Prepared(PlaneView<const std::uint8_t> plane) {
  cv::Mat mat(plane.height, plane.width, CV_8UC1);
  for (int y = 0; y < plane.height; ++y) {
    std::ranges::copy(plane.RowSpan(y), mat.ptr<std::uint8_t>(y));
  }
  const double scale = static_cast<double>(kRegisteredSide) / std::max(mat.cols, mat.rows);
  if (scale < 1) cv::resize(mat, mat, {}, scale, scale, cv::INTER_AREA);
  return mat;
}

struct Found {
  cv::Matx33d transform;  ///< pixels of the edit's raster to pixels of the reference's
  int inliers = 0;
  double sigma_px = 0;
  PointPairs features;    ///< all that were matched, right or not
  bool mirrored = false;  ///< it is the edit mirrored left-right that all this is about
};

[[nodiscard]] Found ByFeatures(const cv::Mat& edit, const cv::Mat& reference,
                               const FeatureSearch& search) {
  const Features of_reference = FeaturesOf(reference, search);
  const Features of_edit = FeaturesOf(edit, search);
  const auto found = [&](const Features& features, bool mirrored) -> Found {
    PointPairs pairs = MatchFeatures(features, of_reference);
    const TransformFit fit = RobustTransform(pairs);
    return {fit.transform, fit.agreeing, fit.sigma, std::move(pairs), mirrored};
  };
  Found as_is = found(of_edit, false);
  if (as_is.inliers >= kPlentyOfInliers) return as_is;
  // SIFT sees rotations alike, but not mirror images.
  Found mirrored = found(Mirrored(of_edit, edit.cols), true);
  return mirrored.inliers > as_is.inliers ? std::move(mirrored) : std::move(as_is);
}

[[nodiscard]] Found ByFeatures(const cv::Mat& edit, const cv::Mat& reference) {
  Found found = ByFeatures(edit, reference, {});
  if (found.inliers >= kEnoughInliers) return found;
  Found closer = ByFeatures(edit, reference, kThoroughSearch);
  return closer.inliers > found.inliers ? std::move(closer) : std::move(found);
}

/// Of pixel centres.
[[nodiscard]] cv::Matx33d MirrorOf(const cv::Mat& picture) {
  return {-1, 0, static_cast<double>(picture.cols - 1), 0, 1, 0, 0, 0, 1};
}

/// What blocks all over the overlap say beside the features, which cluster where contrast is.
[[nodiscard]] bool Refine(const cv::Mat& edit, const cv::Mat& reference, const BlockSearch& search,
                          Found& found) {
  const Overlaid overlaid = Overlay(edit, reference, found.transform);
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
  const cv::Matx33d moved = overlaid.to_reference * fit.transform * overlaid.to_edit.inv();
  found.transform = moved * (1 / moved(2, 2));
  found.inliers = fit.agreeing;
  found.sigma_px = fit.sigma * overlaid.to_reference(0, 0);
  return true;
}

/// Pixel centres of the rasters to 0..1.
[[nodiscard]] Homography Normalised(const cv::Matx33d& h, cv::Size edit, cv::Size reference) {
  const cv::Matx33d from(edit.width, 0, -0.5, 0, edit.height, -0.5, 0, 0, 1);
  const cv::Matx33d to(1.0 / reference.width, 0, 0.5 / reference.width, 0, 1.0 / reference.height,
                       0.5 / reference.height, 0, 0, 1);
  const cv::Matx33d n = to * h * from;
  Homography result;
  for (int i = 0; i < 9; ++i) result[static_cast<std::size_t>(i)] = n.val[i] / n.val[8];
  return result;
}

/// The edit's corners in order around a convex quadrangle of sensible size, whichever way round.
[[nodiscard]] bool IsConvex(const Homography& h) {
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

/// An edit is a similar picture, or one tilted a little.
[[nodiscard]] Expected<void> CheckShape(const Homography& h, const cv::Matx33d& pixels,
                                        cv::Size edit) {
  const double tilt = std::abs(h[6]) + std::abs(h[7]);
  if (!IsConvex(h) || tilt > kMostTilt) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the edit would have to be bent too far to lie in the original");
  }
  const std::array<double, 2> steps = StepsAt(pixels, {edit.width / 2.0, edit.height / 2.0});
  const double stretch = steps[0] / steps[1];
  const double limit = kStretch + kStretchByTilt * tilt;
  if (stretch > limit) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the edit is stretched by {:.1f} % against the original, expected at most {:.1f} %",
                100 * (stretch - 1), 100 * (limit - 1));
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
  const auto view = [](const cv::Mat& m) {
    return PlaneView<const std::uint8_t>{m.ptr<std::uint8_t>(0), m.cols, m.rows, 1, m.step};
  };
  return StructureAgreement(view(edit), Orientation::kTopLeft, view(reference),
                            Orientation::kTopLeft);
}

[[nodiscard]] Expected<Registration> Find(PlaneView<const std::uint8_t> edit,
                                          PlaneView<const std::uint8_t> reference) {
  cv::setNumThreads(1);
  cv::Mat e = Prepared(edit);
  const cv::Mat r = Prepared(reference);
  Found found = ByFeatures(e, r);
  if (found.inliers < kLeastInliers) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "the two pictures have too little in common: {} places agree, expected at least {}",
                found.inliers, kLeastInliers);
  }
  if (found.mirrored) cv::flip(e, e, 1);
  // A few blocks bring it near, all of them then need not look far.
  for (const BlockSearch& search :
       {BlockSearch{.reach = 8, .across = 16}, BlockSearch{.reach = 4}}) {
    if (!IsConvex(Normalised(found.transform, e.size(), r.size())) ||
        !Refine(e, r, search, found)) {
      break;
    }
  }
  Registration result;
  result.inliers = found.inliers;
  result.residual = found.sigma_px / std::hypot(r.cols, r.rows);
  result.to_reference = Normalised(found.mirrored ? found.transform * MirrorOf(e) : found.transform,
                                   e.size(), r.size());
  if (Expected<void> ok = CheckShape(result.to_reference, found.transform, e.size()); !ok) {
    return std::unexpected(std::move(ok.error()));
  }
  const Overlaid overlaid = Overlay(e, r, found.transform);
  result.overlap = cv::countNonZero(overlaid.inside) / static_cast<double>(overlaid.inside.total());
  if (result.overlap < kLeastOverlap) {
    return Fail(ErrorCode::kMismatch, kWhere,
                "only {:.0f} % of the edit lie in the original, expected at least {:.0f} %",
                100 * result.overlap, 100 * kLeastOverlap);
  }
  const BlockMatches blocks =
      MatchBlocks(overlaid.edit, overlaid.reference, overlaid.inside, {.reach = kReach});
  const double in_place = ShareInPlace(blocks);
  // Where nearly nothing has texture, features that agree have to be enough.
  const bool judged = blocks.blocks >= kEnoughPlaces || found.inliers < kEnoughInliers;
  if (judged && in_place < kLeastInPlace) {
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
  const ParallaxSigns parallax = SignsOfParallax(overlaid, blocks, found.features, found.transform);
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

Expected<Registration> Register(PlaneView<const std::uint8_t> edit,
                                PlaneView<const std::uint8_t> reference) {
  Expected<Registration> found = Find(edit, reference);
  if (!found) found.error().message.insert(0, "not the same photograph: ");
  return found;
}

}  // namespace hdrp
