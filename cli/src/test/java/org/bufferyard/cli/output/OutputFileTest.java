package org.bufferyard.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bufferyard.cli.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir Path folder;

  @Test
  void write_existingFile_isReplaced() throws Exception {
    Path file = Files.writeString(folder.resolve("x.json"), "old and longer");
    OutputFile.open("--json", file).write("new");
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("x.json");
  }

  @Test
  void open_thenNoRun_leavesNoTrace() throws Exception {
    Path file = Files.writeString(folder.resolve("x.json"), "old");
    OutputFile.open("--json", file);
    OutputFile.open("--json", folder.resolve("y.json"));
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("x.json");
  }

  @Test
  void write_deviceFillsUp_keepsTheOldFileAndNamesTheReason() throws Exception {
    Path file = Files.writeString(folder.resolve("x.json"), "old");
    OutputFile output = OutputFile.open("--json", file);
    OutputFile.Body fills =
        beside -> {
          Files.writeString(beside, "half of");
          throw new IOException("No space left on device");
        };
    assertThatThrownBy(() -> output.write(fills))
        .isInstanceOf(BadInput.class)
        .hasMessage("--json " + file + ": cannot be written: No space left on device");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("x.json");
  }

  @Test
  void write_throughLink_replacesWhatItPointsTo() throws Exception {
    Path file = Files.writeString(folder.resolve("x.json"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
    OutputFile.open("--json", link).write("new");
    assertThat(file).hasContent("new");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void openIn_missingFolders_areMade() throws Exception {
    OutputFile.openIn("--report", folder.resolve("a/b"), "report.html").write("page");
    assertThat(folder.resolve("a/b/report.html")).hasContent("page");
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
