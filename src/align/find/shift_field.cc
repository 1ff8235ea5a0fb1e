#include "align/find/shift_field.h"

#include <algorithm>
#include <cmath>

namespace hdrp {
namespace {

constexpr std::size_t kTerms = ShiftField::kTerms;
constexpr int kRounds = 6;
constexpr double kLeastSigma = 0.04;  // px
constexpr double kReach = 4.7;        // sigmas beyond which nothing counts (Tukey's biweight)
/// What the terms may be, as a standard deviation, px, against the places' noise of 0.1: it decides
/// only where places say next to nothing.
constexpr double kPrior = 3, kNoise = 0.1;

using Row = std::array<double, kTerms>;

/// The terms' share in a shift along `d` at `p`.
[[nodiscard]] Row TermsAt(Point p, Point d) {
  const double along = d.x * p.x + d.y * p.y;
  return {d.x,         d.y,         d.x * p.x,
          d.x * p.y,   d.y * p.x,   d.y * p.y,
          p.x * along, p.y * along, (p.x * p.x + p.y * p.y) * along};
}

[[nodiscard]] double Product(const Row& a, const std::array<double, kTerms>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kTerms; ++i) sum += a[i] * b[i];
  return sum;
}

/// The lower root of a symmetric positive definite matrix (Cholesky).
[[nodiscard]] std::array<Row, kTerms> RootOf(std::array<Row, kTerms> m) {
  for (std::size_t i = 0; i < kTerms; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = m[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= m[i][k] * m[j][k];
      m[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / m[j][j];
    }
  }
  return m;
}

[[nodiscard]] Row Forward(const std::array<Row, kTerms>& m, Row right) {
  for (std::size_t i = 0; i < kTerms; ++i) {
    for (std::size_t k = 0; k < i; ++k) right[i] -= m[i][k] * right[k];
    right[i] /= m[i][i];
  }
  return right;
}

[[nodiscard]] Row Solved(const std::array<Row, kTerms>& m, Row right) {
  right = Forward(m, right);
  for (std::size_t i = kTerms; i-- > 0;) {
    for (std::size_t k = i + 1; k < kTerms; ++k) right[i] -= m[k][i] * right[k];
    right[i] /= m[i][i];
  }
  return right;
}

[[nodiscard]] double SigmaOf(std::vector<double> distances) {
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::ranges::nth_element(distances, middle);
  return std::max(kLeastSigma, 1.4826 * *middle);
}

}  // namespace

Point ShiftField::At(Point place) const {
  return {Product(TermsAt(place, {1, 0}), terms), Product(TermsAt(place, {0, 1}), terms)};
}

double FittedShifts::ErrorAt(Point place) const {
  double square = 0;
  for (const Point direction : {Point{1, 0}, Point{0, 1}}) {
    const Row row = Forward(root, TermsAt(place, direction));
    square += Product(row, row);
  }
  return sigma * std::sqrt(square);
}

FittedShifts FitShifts(const std::vector<SeenShift>& seen) {
  FittedShifts fit;
  if (seen.empty()) return fit;
  std::vector<Row> rows;
  rows.reserve(seen.size());
  for (const SeenShift& s : seen) rows.push_back(TermsAt(s.at, s.direction));
  std::vector<double> distances(seen.size());
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
      distances[i] = std::abs(seen[i].shift - Product(rows[i], fit.field.terms));
    }
    fit.sigma = SigmaOf(distances);
    // The first rounds have to take all along that the identity is far from.
    const double reach = kReach * fit.sigma * (round == 0 ? 3 : 1);
    std::array<Row, kTerms> m{};
    Row right{};
    for (std::size_t i = 0; i < kTerms; ++i) m[i][i] = kNoise * kNoise / (kPrior * kPrior);
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const double out = distances[k] / reach;
      if (out >= 1) continue;
      const double weight = seen[k].weight * (1 - out * out) * (1 - out * out);
      for (std::size_t i = 0; i < kTerms; ++i) {
        for (std::size_t j = 0; j <= i; ++j) m[i][j] += weight * rows[k][i] * rows[k][j];
        right[i] += weight * rows[k][i] * seen[k].shift;
      }
    }
    fit.root = RootOf(m);
    fit.field.terms = Solved(fit.root, right);
  }
  return fit;
}

}  // namespace hdrp
