package org.bufferyard.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bufferyard.cli.CannedRun;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final Pattern SCRIPT =
      Pattern.compile("<script([^>]*)>(.*?)</script", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  @Test
  void of_hostileNames_stayInsideTheDataIsland() {
    String clean = HtmlReport.of("", CannedRun.clean());
    String hostile = HtmlReport.of(CannedRun.HOSTILE, CannedRun.hostile());
    assertThat(scripts(hostile)).hasSize(3);
    assertThat(scripts(hostile).getFirst()).doesNotContain("<");
    assertThat(markup(hostile)).isEqualTo(markup(clean));
  }

  @Test
  void of_hostileNames_reachTheScriptUnchanged() {
    String page = HtmlReport.of(CannedRun.HOSTILE, CannedRun.hostile());
    Config data =
        ConfigFactory.parseString(
            scripts(page).getFirst(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
    assertThat(data.getString("description")).isEqualTo(CannedRun.HOSTILE);
    assertThat(data.getStringList("evictors.clients"))
        .containsExactly(CannedRun.HOSTILE, "browser");
  }

  @Test
  void of_anyRun_carriesEverySeries() {
    String page = HtmlReport.of("", CannedRun.clean());
    assertThat(scripts(page).getFirst())
        .contains("\"occupancy\":[[0.5,1048576],[1.0,2097152]]")
        .contains("\"moves\":[[0.5,0],[1.0,1048576]]")
        .contains("\"stallPoints\":[[0.0,0],[50.0,0],[99.0,1250000],[100.0,9000000]]")
        .contains("\"evictors\":{\"clients\":[\"game\",\"browser\"],\"bytes\":[[0,5],[7,0]]}")
        .contains("\"replay\":\"./bufferyard run desktop --seed 7 --deterministic\"");
  }

  @Test
  void of_anyRun_loadsNothingAndRunsOnlyItsOwnScripts() throws Exception {
    String page = HtmlReport.of("", CannedRun.clean());
    String markup = markup(page);
    assertThat(markup).doesNotContain("src=", "href=", "url(", "@import", "{{");
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    for (String script : scripts(page).subList(1, 3)) {
      byte[] hash = sha.digest(script.getBytes(StandardCharsets.UTF_8));
      assertThat(markup).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
    }
    assertThat(markup).contains("default-src 'none'");
  }

  @Test
  void of_anyRun_namesEachChartAndKnowsTheDark() {
    assertThat(markup(HtmlReport.of("", CannedRun.clean())))
        .contains("Side by side", "Devices and their paths")
        .contains("Memory in use", "Moves", "Stall of jobs", "Who evicted whom")
        .contains("prefers-color-scheme: dark");
  }

  /** The page without the contents of its scripts, of which one is a megabyte. */
  private static String markup(String page) {
    return SCRIPT.matcher(page).replaceAll("<script></script");
  }

  private static List<String> scripts(String page) {
    return SCRIPT.matcher(page).results().map((MatchResult match) -> match.group(2)).toList();
  }
}
