package org.bufferyard.deviceactors.path;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a device's model does around mapping, by the name that users type. */
public enum HookKind {
  NONE("nothing"),
  /** See {@link FlushHook}. */
  FLUSH("caches cleaned before and invalidated after"),
  /** The device works on a copy of its own; see {@link ShadowModel}. */
  COPY("works on a copy in memory of its own"),
  /** As {@link #COPY}, in the device's order of pages. */
  RETILE("works on a copy in its own order of pages");

  private final String summary;

  HookKind(String summary) {
    this.summary = summary;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String summary() {
    return summary;
  }

  /** The device sees a copy. */
  public boolean copies() {
    return this == COPY || this == RETILE;
  }

  public static List<String> labels() {
    return Stream.of(values()).map(HookKind::label).toList();
  }

  /** The kind called {@code label}, or null. */
  public static @Nullable HookKind of(String label) {
    return Stream.of(values()).filter(kind -> kind.label().equals(label)).findFirst().orElse(null);
  }
}
