package org.bufferyard.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The Akka configuration that makes a system deterministic and silent. */
final class SimConfig {
  /** Runs an actor inside whoever sends to it: for the listener of incidents only. */
  static final String INLINE_DISPATCHER = "bufferyard.testkit.inline-dispatcher";

  private static final Config REQUIRED =
      ConfigFactory.parseString(
          """
          bufferyard.testkit.dispatcher { type = "%1$s", inline = off }
          bufferyard.testkit.inline-dispatcher { type = "%1$s", inline = on }
          akka.actor {
            default-dispatcher = ${bufferyard.testkit.dispatcher}
            internal-dispatcher = ${bufferyard.testkit.dispatcher}
            default-blocking-io-dispatcher = ${bufferyard.testkit.dispatcher}
          }
          akka.scheduler.implementation = "%2$s"
          akka.loggers = []
          akka.use-slf4j = off
          akka.loglevel = OFF
          akka.stdout-loglevel = OFF
          akka.log-dead-letters = off
          akka.log-dead-letters-during-shutdown = off
          akka.jvm-shutdown-hooks = off
          akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
          """
              .formatted(SimDispatchers.class.getName(), SimScheduler.class.getName()));

  /** The last application configuration and what it became: resolving it takes milliseconds. */
  private static final AtomicReference<@Nullable Resolved> LAST = new AtomicReference<>();

  private record Resolved(Config application, Config loaded, Config result) {}

  private SimConfig() {}

  @SuppressWarnings("ReferenceEquality") // load() answers the same object until it is reloaded
  static Config of(ClassLoader loader, Config application, Config identity) {
    Config loaded = ConfigFactory.load(loader);
    Resolved last = LAST.get();
    if (last == null || last.loaded() != loaded || !last.application().equals(application)) {
      Config result = REQUIRED.withFallback(application).withFallback(loaded).resolve();
      last = new Resolved(application, loaded, result);
      LAST.set(last);
    }
    return identity.withFallback(last.result());
  }
}
