package org.bufferyard.allocator.policy.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;

/** The micro traces of this module's test resources, and how to run them. */
final class Goldens {
  static List<Map<String, Object>> unit() {
    return read("golden_unit.jsonl.gz");
  }

  static List<Map<String, Object>> sized() {
    return read("golden_sized_exact.jsonl.gz");
  }

  private static List<Map<String, Object>> read(String resource) {
    try (InputStream file =
            Objects.requireNonNull(Goldens.class.getResourceAsStream(resource), resource);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
      return lines.lines().map(Json::object).toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static PolicyProvider policy(String name) {
    return Policies.all().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  static CacheReplay.Result run(Requests requests, long capacity, String policy) {
    return CacheReplay.run(requests, capacity, policy(policy), new SplittableRandom(1));
  }

  /** The requests of a golden: its keys are small, so they are the ids. */
  static Requests requests(Map<String, Object> golden) {
    long[] keys = Json.longs(golden, "keys");
    int[] ids = new int[keys.length];
    int objects = 0;
    for (int i = 0; i < keys.length; i++) {
      ids[i] = Math.toIntExact(keys[i]);
      objects = Math.max(objects, ids[i] + 1);
    }
    return golden.containsKey("sizes")
        ? Requests.sized(ids, Json.longs(golden, "sizes"))
        : Requests.ofUnits(ids, objects);
  }

  private Goldens() {}
}
