package org.bufferyard.actors.extension;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.bufferyard.actors.environment.BringBack;
import org.bufferyard.actors.environment.Management;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.environment.YardSettings;
import org.bufferyard.actors.sanitizer.Sampling;
import org.bufferyard.allocator.Pages;
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;

/**
 * One yard's configuration, as {@code reference.conf} explains it. Sizes in bytes.
 *
 * @param compressedBytes 0 for no such tier
 * @param fileBytes 0 for no such tier
 * @param directory empty for a new one
 * @param remoteStaged buffers of other processes are copied; otherwise they are refused
 * @param sanitize which buffers are checked while the yard runs
 * @param shadows policies that watch the memory
 * @param tierDispatcher where what blocks runs
 */
public record EmbedSettings(
    String name,
    long memoryBytes,
    long compressedBytes,
    long poolBytes,
    long fileBytes,
    String directory,
    YardSettings limits,
    long retryNanos,
    long leaseNanos,
    long graceNanos,
    boolean poisonFreed,
    int slabs,
    boolean remoteStaged,
    Sampling sanitize,
    String tierDispatcher,
    List<String> shadows) {
  private static final long MIB = 1 << 20;
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Of yard {@code name}.
   *
   * @param root the {@code bufferyard.actors} configuration
   * @throws IllegalArgumentException a value out of range; names the key, the value and the range
   */
  public static EmbedSettings of(String name, Config root) {
    Config yards = root.getConfig("yards");
    Config own = yards.hasPath(name) ? yards.getConfig(name) : ConfigFactory.empty();
    Reader read =
        new Reader(
            "bufferyard.actors.yards." + name + ".",
            own.withFallback(root.getConfig("yard-defaults")));
    long compressed = read.tier("compressed.size");
    return new EmbedSettings(
        name,
        read.bytes("memory", MIB, Long.MAX_VALUE),
        compressed,
        compressed == 0 ? 0 : read.bytes("compressed.pool", MIB, compressed),
        read.tier("file.size"),
        read.config.getString("file.directory"),
        limits(read),
        read.nanos("retry", MILLI, HOUR),
        read.nanos("lease-timeout", MILLI, DAY),
        read.nanos("shutdown-grace", Duration.ZERO, HOUR),
        read.config.getBoolean("poison-freed"),
        read.count("slabs", 1024),
        read.oneOf("remote-path", List.of("staged", "refuse")).equals("staged"),
        read.sampling("sanitize"),
        root.getString("tier-dispatcher"),
        read.eachOf("shadows", onlinePolicies()));
  }

  private static YardSettings limits(Reader read) {
    YardSettings usual = YardSettings.defaults();
    return new YardSettings(
        read.oneOf("policy", onlinePolicies()),
        BringBack.ALWAYS,
        read.count("max-moves", 1024),
        // A thread that maps waits for no copy's fence: pages are given out when they are there.
        0,
        read.nanos("room-wait", MILLI, HOUR),
        Math.min(usual.retryNanos(), read.nanos("retry", MILLI, HOUR)),
        read.nanos("invalidate-report", MILLI, DAY),
        read.nanos("invalidate-deadline", MILLI, DAY),
        read.nanos("request-deadline", MILLI, HOUR),
        usual.upgradeBackoffNanos(),
        usual.moveBudgetBytesPerSecond(),
        usual.pingPongNanos(),
        new PinQuota(read.limit("pins.per-buffer"), read.pinnedPages()),
        Management.NONE,
        false);
  }

  private static List<String> onlinePolicies() {
    return Policies.all().stream()
        .filter(policy -> !policy.offline())
        .map(PolicyProvider::name)
        .toList();
  }

  /** Reads with ranges; an error names the whole key. */
  private record Reader(String prefix, Config config) {
    long tier(String key) {
      long bytes = size(key);
      return bytes == 0 ? 0 : bytes(key, MIB, Long.MAX_VALUE);
    }

    private long size(String key) {
      try {
        return config.getBytes(key);
      } catch (ConfigException e) {
        throw new IllegalArgumentException(prefix + key + " is no size: " + e.getMessage(), e);
      }
    }

    /** Most pages that a client may pin. */
    long pinnedPages() {
      long bytes = size("pins.per-client");
      return bytes == 0
          ? Long.MAX_VALUE
          : Pages.ofBytes(bytes("pins.per-client", Pages.SIZE_BYTES, Long.MAX_VALUE >> 1));
    }

    /** 0 is no limit. */
    int limit(String key) {
      int limit = config.getInt(key);
      if (limit < 0) {
        throw outside(key, limit, "0 to " + Integer.MAX_VALUE);
      }
      return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    long bytes(String key, long min, long max) {
      long bytes = size(key);
      if (bytes < min || bytes > max) {
        throw outside(key, bytes, min + " to " + max + " bytes");
      }
      return bytes;
    }

    int count(String key, int max) {
      int count = config.getInt(key);
      if (count < 1 || count > max) {
        throw outside(key, count, "1 to " + max);
      }
      return count;
    }

    long nanos(String key, Duration min, Duration max) {
      Duration duration = config.getDuration(key);
      if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
        throw outside(key, duration, min + " to " + max);
      }
      return duration.toNanos();
    }

    Sampling sampling(String key) {
      String word = config.getString(key);
      return Sampling.of(word)
          .orElseThrow(() -> outside(key, word, "off, all, or 1/N with N of 1 to 1000000"));
    }

    List<String> eachOf(String key, List<String> names) {
      List<String> chosen = config.getStringList(key);
      for (String name : chosen) {
        if (!names.contains(name)) {
          throw outside(key, name, String.join(", ", names));
        }
      }
      return chosen.stream().distinct().toList();
    }

    String oneOf(String key, List<String> names) {
      String name = config.getString(key);
      if (!names.contains(name)) {
        throw outside(key, name, String.join(", ", names));
      }
      return name;
    }

    private IllegalArgumentException outside(String key, Object value, String range) {
      return new IllegalArgumentException(prefix + key + " is " + value + ", must be " + range);
    }
  }
}
