package org.bufferyard.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.bufferyard.actors.extension.Bufferyard;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.Mapping;
import org.bufferyard.allocator.DmaDirection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a yard of two pages' worth of buffers too few tells of itself. */
class YardMetersTest {
  private static final int MIB = 1 << 20;

  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(
          Behaviors.empty(),
          "meters",
          ConfigFactory.parseString(
                  """
                  akka { loglevel = OFF, stdout-loglevel = OFF, jvm-shutdown-hooks = off }
                  bufferyard.actors.yard-defaults {
                    memory = 4 MiB, file.size = 16 MiB, room-wait = 100 ms
                  }
                  """)
              .withFallback(ConfigFactory.load()));

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

  @AfterAll
  static void terminate() {
    SYSTEM.terminate();
    get(SYSTEM.getWhenTerminated());
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static EmbeddedYard yard(String name) {
    return Bufferyard.get(SYSTEM).yard(name);
  }

  private static Mapping mapped(EmbeddedYard yard, HostImporter importer) {
    return get(
        yard.export(BufferSpec.of("b", MIB))
            .thenCompose(buffer -> buffer.attach(importer))
            .thenCompose(attachment -> attachment.map(DmaDirection.BIDIRECTIONAL)));
  }

  /** Reads every meter once its second is over, and gives the yard time to answer. */
  private void refresh(EmbeddedYard yard) {
    clock.add(Duration.ofSeconds(2));
    registry.forEachMeter(meter -> meter.measure().forEach(each -> each.getValue()));
    get(yard.snapshot());
    get(yard.snapshot());
  }

  private double counter(String name) {
    return registry.get("bufferyard." + name).functionCounter().count();
  }

  private double gauge(String name, String... tags) {
    return registry.get("bufferyard." + name).tags(tags).gauge().value();
  }

  @Test
  void meters_afterEvictions_sayWhatHappened() {
    EmbeddedYard yard = yard("metered");
    new YardMeters(yard).bindTo(registry);
    HostImporter importer = yard.importer("eye");
    List<Mapping> open = new ArrayList<>();
    for (int buffer = 0; buffer < 6; buffer++) {
      Mapping lease = mapped(yard, importer);
      if (buffer < 4) {
        lease.close();
      } else {
        open.add(lease);
      }
    }
    refresh(yard);
    assertThat(counter("maps")).isEqualTo(6);
    assertThat(counter("evictions"))
        .isEqualTo((double) yard.events().evictions())
        .isGreaterThanOrEqualTo(2);
    assertThat(counter("moves")).isGreaterThanOrEqualTo(2);
    assertThat(counter("moved")).isEqualTo(counter("moves") * MIB);
    assertThat(counter("stalls")).isZero();
    assertThat(counter("faults")).isZero();
    assertThat(counter("reclaims")).isZero();
    assertThat(gauge("buffers")).isEqualTo(6);
    assertThat(gauge("leases.open", "yard", "metered")).isEqualTo(2);
    assertThat(gauge("maps.waiting")).isZero();
    String memory = get(yard.snapshot()).regions().getFirst().name();
    double used = gauge("region.used", "yard", "metered", "region", memory);
    assertThat(used).isBetween(2.0 * MIB, 4.0 * MIB);
    assertThat(gauge("region.free", "region", memory)).isEqualTo(4 * MIB - used);
    assertThat(gauge("region.peak", "region", memory)).isEqualTo(4 * MIB);
    open.forEach(Mapping::close);
  }

  @Test
  void meters_mapsThatTakeTime_areTimedByOutcome() {
    EmbeddedYard yard = yard("timed");
    new YardMeters(yard).bindTo(registry);
    HostImporter importer = yard.importer("eye");
    List<Mapping> open = new ArrayList<>();
    for (int buffer = 0; buffer < 4; buffer++) {
      open.add(mapped(yard, importer));
    }
    assertThat(timer("mapped").count()).isEqualTo(4);
    assertThat(timer("mapped").totalTime(TimeUnit.NANOSECONDS)).isPositive();
    assertThat(timer("refused").count()).isZero();
    CompletionStage<Mapping> tooMuch =
        yard.export(BufferSpec.of("b", MIB))
            .thenCompose(buffer -> buffer.attach(importer))
            .thenCompose(attachment -> attachment.map(DmaDirection.BIDIRECTIONAL));
    assertThat(tooMuch.toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
    assertThat(timer("refused").count()).isEqualTo(1);
    assertThat(timer("refused").max(TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(100);
    open.forEach(Mapping::close);
  }

  private Timer timer(String outcome) {
    return registry.get("bufferyard.map").tags("yard", "timed", "outcome", outcome).timer();
  }

  @Test
  void meters_units_areNamed() {
    new YardMeters(yard("units")).bindTo(registry);
    assertThat(registry.get("bufferyard.moved").meter().getId().getBaseUnit()).isEqualTo("bytes");
    assertThat(registry.getMeters())
        .allSatisfy(
            meter -> {
              assertThat(meter.getId().getBaseUnit()).isNotBlank();
              assertThat(meter.getId().getDescription()).isNotBlank();
              assertThat(meter.getId().getTag("yard")).isEqualTo("units");
            });
  }

  /** A refusal is one line at DEBUG, of words with values. */
  @Test
  void log_refusedMap_isStructured() {
    Logger logger = (Logger) LoggerFactory.getLogger("org.bufferyard.actors.lease");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(lines);
    EmbeddedYard yard = yard("refusing");
    HostImporter importer = yard.importer("greedy");
    List<Mapping> open = new ArrayList<>();
    for (int buffer = 0; buffer < 4; buffer++) {
      open.add(mapped(yard, importer));
    }
    CompletionStage<Mapping> tooMuch =
        yard.export(BufferSpec.of("b", MIB))
            .thenCompose(buffer -> buffer.attach(importer))
            .thenCompose(attachment -> attachment.map(DmaDirection.BIDIRECTIONAL));
    assertThat(tooMuch.toCompletableFuture())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("ENOMEM");
    assertThat(lines.list)
        .anySatisfy(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.DEBUG);
              assertThat(line.getFormattedMessage())
                  .matches("map refused: buffer=\\S+ importer=greedy errno=ENOMEM reason=\".+\"");
            });
    logger.detachAppender(lines);
    open.forEach(Mapping::close);
  }
}
