package org.bufferyard.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bufferyard.cli.output.Json;

/**
 * One HTML page that needs no network: markup, style, script, chart library, and the data as a JSON
 * island that {@link Json} keeps from ending its element. Scripts show names as text, never as
 * markup; the page's content security policy names them by hash, so nothing else in it can run.
 */
final class Page {
  private static final String STYLE = "report.css";
  private static final String CHARTS = "echarts.min.js";

  /** The page of resource {@code markup}, whose script {@code script} draws {@code data}. */
  static String of(String markup, String script, Map<String, Object> data) {
    String page = resource(markup).replace("{{" + STYLE + "}}", resource(STYLE));
    List<String> hashes = new ArrayList<>();
    for (String name : List.of(CHARTS, script)) {
      String text = resource(name);
      hashes.add("'sha256-" + sha256(text) + "'");
      page = page.replace("{{" + name + "}}", text);
    }
    page = page.replace("{{script.hashes}}", String.join(" ", hashes));
    return page.replace("{{data.json}}", Json.compact(data));
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException("unreadable resource " + name, unreadable);
    }
  }

  private Page() {}
}
