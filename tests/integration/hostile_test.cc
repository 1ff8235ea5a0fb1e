// Broken and hostile files through the program, as the edit and as the reference: each ends in the
// verdict its row of tests/data/hostile_verdicts.tsv names, in bounded time and memory, and a
// failure leaves no file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "base/error.h"
#include "base/formatted.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/scene.h"

namespace hdrp::test {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr double kMaxCpuSeconds = 2;
constexpr long kMaxPeakKib = 600'000'000 / 1024;

/// What a file is given as: a column of the table.
enum class Role : std::uint8_t { kEdit, kReference };

struct Verdicts {
  std::string as_edit, as_reference;
  std::string& Of(Role role) { return role == Role::kEdit ? as_edit : as_reference; }
};

std::filesystem::path TablePath() { return SourceFolder() / "tests/data/hostile_verdicts.tsv"; }

std::map<std::string, Verdicts> ReadTable() {
  std::map<std::string, Verdicts> table;
  std::ifstream file(TablePath());
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string name;
    Verdicts verdicts;
    std::getline(fields, name, '\t');
    std::getline(fields, verdicts.as_edit, '\t');
    std::getline(fields, verdicts.as_reference, '\t');
    table[name] = verdicts;
  }
  return table;
}

/// "ok", or the id of the error that the exit status stands for.
std::string VerdictOf(int status) {
  if (status == 0) return "ok";
  for (const ErrorKind& kind : kErrorKinds) {
    if (kind.exit_status == status) return std::string(kind.id);
  }
  return Formatted("undocumented status {}", status);
}

std::string RunOne(const std::vector<std::string>& inputs) {
  const ScratchFolder scratch;
  std::vector<std::string> command = {kSanitized ? OurProgram() : OurReleaseProgram()};
  command.insert(command.end(), inputs.begin(), inputs.end());
  command.insert(command.end(), {"--out", (scratch / "out").string() + "/", "-q", "-j", "1"});
  const ProgramRun run = RunProgram(command);
  EXPECT_FALSE(run.timed_out);
  const std::string verdict = VerdictOf(run.status);
  EXPECT_NE(verdict, "internal") << run.err;
  if (run.status != 0) {
    EXPECT_THAT(scratch.Files(), testing::IsEmpty()) << "a failure left files";
    EXPECT_THAT(run.err, testing::StartsWith("hdr-process: error (" + verdict + ")"));
  }
  if (!kSanitized) {
    EXPECT_LE(run.cpu_seconds, kMaxCpuSeconds);
    EXPECT_LE(run.peak_kib, kMaxPeakKib);
  }
  return verdict;
}

/// HDR_PROCESS_ACCEPT=1 rewrites the role's column.
void EveryFileEndsInItsVerdict(Role role) {
  if (!kSanitized) {
    ASSERT_TRUE(std::filesystem::exists(OurReleaseProgram())) << OurReleaseProgram();
  }
  const bool accept = std::getenv("HDR_PROCESS_ACCEPT") != nullptr;
  const ScratchFolder fixtures;
  const std::string edit = (fixtures / "edit.jpg").string();
  WriteWhole(edit, SdrJpeg(MakeScene(96, 64).sdr.view(), {}));
  const std::map<std::string, Verdicts> table = ReadTable();

  std::map<std::string, Verdicts> seen;
  for (const CorpusFile& file : CorpusFiles("hostile")) {
    SCOPED_TRACE(file.name);
    const auto row = table.find(file.name);
    ASSERT_TRUE(accept || row != table.end()) << "no row; HDR_PROCESS_ACCEPT=1 rewrites the table";
    Verdicts& verdicts = seen[file.name];
    if (row != table.end()) verdicts = row->second;
    const std::string expected = verdicts.Of(role);
    verdicts.Of(role) = role == Role::kEdit
                            ? RunOne({"--img=" + file.path.string()})
                            : RunOne({"--img", edit, "--ref=" + file.path.string()});
    EXPECT_TRUE(accept || verdicts.Of(role) == expected)
        << "found " << verdicts.Of(role) << ", expected " << expected;
  }
  if (!accept) return;
  std::ofstream out(TablePath());
  out << "# What must hold: each file ends in this verdict as --img, and as --ref of a good "
         "edit.\n";
  for (const auto& [name, verdicts] : seen) {
    out << name << '\t' << verdicts.as_edit << '\t' << verdicts.as_reference << '\n';
  }
}

TEST(Hostile, EveryEditEndsInItsVerdict) {
  HDRP_NEEDS_CORPUS();
  EveryFileEndsInItsVerdict(Role::kEdit);
}

TEST(Hostile, EveryReferenceEndsInItsVerdict) {
  HDRP_NEEDS_CORPUS();
  EveryFileEndsInItsVerdict(Role::kReference);
}

}  // namespace
}  // namespace hdrp::test
