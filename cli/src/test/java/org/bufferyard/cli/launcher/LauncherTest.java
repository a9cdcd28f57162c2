package org.bufferyard.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bufferyard.cli.launcher.FakeMachine.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
  private static final Map<String, String> BARE = Map.of();

  @TempDir Path folder;
  private FakeMachine machine;

  @BeforeEach
  void makeMachine() throws Exception {
    machine = new FakeMachine(folder.toRealPath());
  }

  @Test
  void start_javaHomeIs17_takesTheJdk25OfTheUsualFolders() throws Exception {
    machine.maven();
    Path old = machine.jdk("old", "17.0.15");
    machine.jdk("usr/lib/jvm/jdk-17", "17.0.15");
    Path jdk = machine.jdk("usr/lib/jvm/jdk-25", "25.0.3");
    Ended ended = machine.run(Map.of("JAVA_HOME", old.toString()), "run");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("jdk " + jdk);
    assertThat(machine.builds()).containsExactly(jdk.toString());
  }

  @Test
  void start_severalJdks_javaHomeGoesBeforePathBeforeFolders() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25");
    Path home = machine.jdk("mine", "25.0.1");
    Path onPath = machine.jdk("on-path", "25+36");
    Files.createSymbolicLink(folder.resolve("tools/java"), onPath.resolve("bin/java"));
    assertThat(machine.run(BARE).out()).contains("jdk " + onPath);
    assertThat(machine.run(Map.of("JAVA_HOME", home.toString())).out()).contains("jdk " + home);
  }

  @Test
  void start_noJdk25_saysInOneLineWhatToInstall() throws Exception {
    machine.maven();
    machine.jdk("usr/lib/jvm/jdk-17", "17.0.15");
    machine.jdk("usr/lib/jvm/jdk-250", "250");
    Files.delete(machine.jdk("opt/jre-25", "25.0.3").resolve("bin/javac"));
    Ended ended = machine.run(BARE, "run");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).hasSize(1);
    assertThat(ended.err().getFirst()).contains("JDK 25", "install one", "JAVA_HOME");
  }

  @Test
  void start_noMaven_saysInOneLineWhatToInstall() throws Exception {
    machine.jdk("opt/jdk", "25.0.3");
    Ended ended = machine.run(BARE, "run");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).hasSize(1);
    assertThat(ended.err().getFirst()).contains("Maven", "install");
  }

  @Test
  void start_sourcesUnchanged_buildsOnce() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    assertThat(machine.run(BARE, "run").err()).hasSize(1).first().asString().contains("building");
    assertThat(machine.run(BARE, "run").err()).isEmpty();
    assertThat(machine.builds()).hasSize(1);
  }

  @Test
  void start_sourceNewerThanTheBuild_buildsAgain() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    machine.run(BARE, "run");
    Path source = machine.yard.resolve("simulator/src/main/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    machine.run(BARE, "run");
    assertThat(machine.builds()).hasSize(2);
  }

  @Test
  void start_buildFails_showsWhyAndBuildsAgainNextTime() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    Path broken = Files.createFile(folder.resolve("broken"));
    Ended failed = machine.run(BARE, "run");
    assertThat(failed.exitCode()).isEqualTo(2);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).hasSize(3).contains("[ERROR] no such symbol");
    Files.delete(broken);
    assertThat(machine.run(BARE, "run").exitCode()).isZero();
  }

  @Test
  void start_throughLinksFromElsewhere_keepsDirectoryAndArguments() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("my yard/bufferyard"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);
    Ended ended =
        FakeMachine.ended(machine.start(BARE, second, "run", "--set", "a = b c", "", "*"));
    assertThat(ended.out()).contains("cwd " + machine.folder, "-Dbufferyard.command=" + second);
    int main = ended.out().indexOf("org.bufferyard.cli.Main");
    assertThat(ended.out().subList(main + 1, ended.out().size()))
        .containsExactly("run", "--set", "a = b c", "", "*");
  }

  @Test
  void start_aJvm_getsWhatKeepsItQuietAndChecked() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    assertThat(machine.run(BARE, "run").out())
        .contains(
            "-ea",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED")
        .doesNotContain("-Dbufferyard.terminal=true");
  }

  @Test
  void start_aotCache_isUsedWhileItIsThere() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    String option =
        machine.run(BARE, "run").out().stream()
            .filter(word -> word.startsWith("-XX:AOTCache="))
            .findFirst()
            .orElseThrow();
    Files.delete(Path.of(option.substring(option.indexOf('=') + 1)));
    assertThat(machine.run(BARE, "run").out()).noneMatch(word -> word.startsWith("-XX:AOTCache"));
    assertThat(machine.builds()).hasSize(1);
  }

  @Test
  void bench_fromElsewhere_buildsAndStartsTheBenchmarksAlone() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    Ended ended = machine.run(BARE, "bench", "--quick", "builder", "a b");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).hasSize(1).first().asString().contains("building");
    assertThat(ended.out())
        .contains(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dbufferyard.benchmarks=" + machine.yard.resolve("benchmarks"))
        .doesNotContain("-ea");
    int main = ended.out().indexOf("org.bufferyard.benchmarks.Bench");
    assertThat(ended.out().subList(main + 1, ended.out().size()))
        .containsExactly("--quick", "builder", "a b");
    assertThat(machine.yard.resolve("cli/target/launcher/app")).doesNotExist();
    assertThat(machine.run(BARE, "bench").err()).isEmpty();
    assertThat(machine.builds()).hasSize(1);
    assertThat(machine.run(BARE, "run").out()).contains("org.bufferyard.cli.Main");
    assertThat(machine.builds()).hasSize(2);
  }

  @Test
  void bench_badUsage_keepsExitCodeAndItsOneLine() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    machine.run(BARE, "bench");
    Files.createFile(folder.resolve("incubating"));
    Ended ended = machine.run(BARE, "bench", "nothing");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).containsExactly("told of bad usage");
  }

  @Test
  void bench_help_isTheCommandLines() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    Ended ended = machine.run(BARE, "bench", "--help");
    assertThat(ended.out()).contains("org.bufferyard.cli.Main", "bench", "--help");
    assertThat(machine.yard.resolve("benchmarks/target")).doesNotExist();
  }

  @Test
  void start_whileAnotherBuilds_waitsAndUsesItsBuild() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    Path gate = folder.resolve("gate");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    Process builder = machine.start(BARE, machine.launcher(), "run");
    BufferedReader builderErr = builder.errorReader();
    assertThat(builderErr.readLine()).contains("building");
    Process waiter = machine.start(BARE, machine.launcher(), "run");
    assertThat(waiter.errorReader().readLine()).contains("waiting for another build");
    Files.writeString(gate, "go");
    assertThat(FakeMachine.ended(builder).exitCode()).isZero();
    assertThat(FakeMachine.ended(waiter).exitCode()).isZero();
    assertThat(machine.builds()).hasSize(1);
  }

  @Test
  void start_lockOfADeadBuild_isBroken() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    Path launch = Files.createDirectories(machine.yard.resolve("cli/target/launcher/launch"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createSymbolicLink(launch.resolve("lock"), Path.of(Long.toString(dead.pid())));
    assertThat(machine.run(BARE, "run").exitCode()).isZero();
    assertThat(List.of(launch.toFile().list())).contains("stamp").doesNotContain("lock");
  }

  @Test
  void start_classPathOfOthers_comesAfterOurs() throws Exception {
    machine.maven();
    machine.jdk("opt/jdk", "25.0.3");
    List<String> words = machine.run(Map.of("BUFFERYARD_CLASSPATH", "/of/others.jar"), "run").out();
    assertThat(words).anyMatch(word -> word.endsWith("app.jar:/of/others.jar"));
  }
}
