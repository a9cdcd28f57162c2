package org.bufferyard.testkit;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.TypedActorContext;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What a digest of state does not look into: the JDK's own, Akka's machinery, the deterministic
 * system's, and what the caller names. Akka's behaviors are looked into, for actors are inside.
 */
final class Opacity {
  private static final String AKKA = ActorSystem.class.getPackageName();
  private static final String AKKA_ALL = AKKA.substring(0, AKKA.indexOf("actor.typed"));
  private static final String TESTKIT = Opacity.class.getPackageName();

  private final List<Class<?>> named;

  /** What was found out, looked up by class alone. */
  private final IdentityHashMap<Class<?>, Boolean> known = new IdentityHashMap<>();

  Opacity(List<Class<?>> named) {
    this.named = named;
  }

  boolean hides(Object object) {
    return known.computeIfAbsent(object.getClass(), this::isHidden);
  }

  private boolean isHidden(Class<?> type) {
    return TypedActorContext.class.isAssignableFrom(type)
        || isMachinery(type)
        || named.stream().anyMatch(hidden -> hidden.isAssignableFrom(type));
  }

  private static boolean isMachinery(Class<?> type) {
    String name = type.getName();
    if (name.contains("$$Lambda") || type == SplitMix64.class) {
      return false;
    }
    if (name.startsWith(AKKA)) {
      return name.contains("TimerScheduler") || name.contains("ActorSystem");
    }
    return name.startsWith(AKKA_ALL)
        || name.startsWith("java.")
        || name.startsWith("jdk.")
        || name.startsWith("sun.")
        || name.startsWith("scala.")
        || type.getPackageName().equals(TESTKIT);
  }

  /** Not Akka's and no lambda: somebody's own, whose fields have names worth telling. */
  static boolean isOwn(Object object) {
    String name = object.getClass().getName();
    return !name.contains("$$Lambda")
        && !name.startsWith(AKKA_ALL)
        && !name.startsWith("java.")
        && !name.startsWith("scala.");
  }
}
