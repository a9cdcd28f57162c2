package org.bufferyard.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.bufferyard.actors.extension.EmbeddedYard;
import org.bufferyard.actors.extension.YardEvents;
import org.bufferyard.actors.extension.YardSnapshot;

/**
 * Meters of one yard, all with the tag {@code yard}: what it has done as counters, what it has as
 * gauges, those of a region with the tag {@code region}; how long maps take, by {@code outcome}.
 *
 * <p>Counters of events are exact whenever they are read. All else comes from snapshots, for which
 * reading asks: no thread waits for the answer, which the next reading sees. Thread-safe.
 */
public final class YardMeters implements MeterBinder {
  /** How old a snapshot may be before reading a meter asks for a new one. */
  public static final Duration REFRESH = Duration.ofSeconds(1);

  private record Meter<T>(String name, String unit, String text, ToDoubleFunction<T> value) {}

  private static final List<Meter<YardEvents>> EVENTS =
      List.of(
          new Meter<>("moves", "buffers", "Moved between regions, why ever", YardEvents::moves),
          new Meter<>("moved", "bytes", "Moved between regions", YardEvents::movedBytes),
          new Meter<>(
              "evictions", "buffers", "Moved out of the way of others", YardEvents::evictions),
          new Meter<>(
              "stalls", "importers", "Did not let go of a buffer in time", YardEvents::laggards),
          new Meter<>("faults", "faults", "Invariants that did not hold", YardEvents::faults));

  private static final List<Meter<Latest>> TOTALS =
      List.of(
          new Meter<>("maps", "leases", "Mappings leased to importers", Latest::granted),
          new Meter<>(
              "reclaims", "leases", "Leases taken back that nobody closed", Latest::reclaimed));

  private static final List<Meter<Latest>> LEVELS =
      List.of(
          new Meter<>("buffers", "buffers", "Alive, with memory or without", Latest::buffers),
          new Meter<>("leases.open", "leases", "Leases not yet closed", Latest::openLeases),
          new Meter<>("maps.waiting", "requests", "Maps without an answer yet", Latest::waiting),
          new Meter<>("moves.active", "moves", "Moves in flight", Latest::movesInFlight));

  private static final List<Meter<YardSnapshot.RegionUse>> REGIONS =
      List.of(
          new Meter<>(
              "region.used", "bytes", "Taken by buffers", YardSnapshot.RegionUse::usedBytes),
          new Meter<>(
              "region.free", "bytes", "Not taken", use -> use.capacityBytes() - use.usedBytes()),
          new Meter<>(
              "region.peak", "bytes", "The most ever taken", YardSnapshot.RegionUse::peakBytes),
          new Meter<>(
              "region.buffers", "buffers", "In the region", YardSnapshot.RegionUse::residents));

  private static final String PREFIX = "bufferyard.";

  private final EmbeddedYard yard;
  private final Duration refresh;

  public YardMeters(EmbeddedYard yard) {
    this(yard, REFRESH);
  }

  /** As above, with another age than {@link #REFRESH}. */
  public YardMeters(EmbeddedYard yard, Duration refresh) {
    this.yard = yard;
    this.refresh = refresh;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Tags tags = Tags.of("yard", yard.name());
    Latest latest =
        new Latest(
            yard,
            registry.config().clock(),
            refresh,
            (region, from) -> bindRegion(registry, tags, region, from));
    EVENTS.forEach(meter -> count(registry, tags, meter, yard.events()));
    TOTALS.forEach(meter -> count(registry, tags, meter, latest));
    for (Meter<Latest> meter : LEVELS) {
      Gauge.builder(PREFIX + meter.name, latest, meter.value)
          .baseUnit(meter.unit)
          .description(meter.text)
          .tags(tags)
          .strongReference(true)
          .register(registry);
    }
    time(registry, tags);
    latest.ask();
  }

  private void time(MeterRegistry registry, Tags tags) {
    Timer mapped = timer(registry, tags.and("outcome", "mapped"));
    Timer refused = timer(registry, tags.and("outcome", "refused"));
    yard.mapTimes()
        .listen((nanos, done) -> (done ? mapped : refused).record(nanos, TimeUnit.NANOSECONDS));
  }

  /** Percentiles and buckets are the registry's business: a {@code MeterFilter} asks for them. */
  private static Timer timer(MeterRegistry registry, Tags tags) {
    return Timer.builder(PREFIX + "map")
        .description("From a map that was not cached to its lease or refusal")
        .tags(tags)
        .register(registry);
  }

  private static <T> void count(MeterRegistry registry, Tags tags, Meter<T> meter, T from) {
    FunctionCounter.builder(PREFIX + meter.name, from, meter.value)
        .baseUnit(meter.unit)
        .description(meter.text)
        .tags(tags)
        .register(registry);
  }

  private static void bindRegion(MeterRegistry registry, Tags tags, String region, Latest from) {
    for (Meter<YardSnapshot.RegionUse> meter : REGIONS) {
      Gauge.builder(PREFIX + meter.name, from, latest -> latest.ofRegion(region, meter.value))
          .baseUnit(meter.unit)
          .description(meter.text)
          .tags(tags.and("region", region))
          .strongReference(true)
          .register(registry);
    }
  }
}
