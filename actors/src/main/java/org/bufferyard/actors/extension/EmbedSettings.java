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
import org.bufferyard.allocator.policy.PolicyProvider;
import org.bufferyard.allocator.policy.catalog.Policies;

/**
 * One yard's configuration, as {@code reference.conf} explains it. Sizes in bytes.
 *
 * @param compressedBytes 0 for no such tier
 * @param fileBytes 0 for no such tier
 * @param directory empty for a new one
 * @param remoteStaged buffers of other processes are copied; otherwise they are refused
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
    String tierDispatcher) {
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
        root.getString("tier-dispatcher"));
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
        PinQuota.NONE,
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
