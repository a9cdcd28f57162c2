package org.bufferyard.deviceactors.path;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import org.bufferyard.actors.environment.Environment;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Iommu;
import org.bufferyard.allocator.Outcome;
import org.bufferyard.allocator.sg.SgTable;

/**
 * What stands between some devices and memory, and is no shared IOMMU: owns a {@link DmaModel} for
 * each of its devices and what they share, as a bounce pool. Answers in the order asked, but a
 * report comes later by the time that its copies took; nothing waits here.
 */
final class PathActor {
  /** How fast the CPU copies for a device. */
  static final long COPY_BYTES_PER_SECOND = 4L << 30;

  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * Serves the devices whose models these are.
   *
   * @param models by domain; handed over
   */
  static Behavior<Iommu.Command> create(
      Environment environment, String name, List<DmaModel> models) {
    return Behaviors.setup(context -> new PathActor(context, environment, name, models).serving());
  }

  private final ActorContext<Iommu.Command> context;
  private final Environment environment;
  private final String name;
  private final List<DmaModel> models;
  private long faults;
  private long handled;

  private PathActor(
      ActorContext<Iommu.Command> context,
      Environment environment,
      String name,
      List<DmaModel> models) {
    this.context = context;
    this.environment = environment;
    this.name = name;
    this.models = List.copyOf(models);
  }

  private Behavior<Iommu.Command> serving() {
    return Behaviors.receiveMessage(
        command -> {
          handled++;
          switch (command) {
            case Iommu.Map map -> onMap(map);
            case Iommu.Unmap unmap -> onUnmap(unmap);
            case Iommu.Sync(var domain, var view, var pages, var forDevice) ->
                models.get(domain).sync(view, pages, forDevice);
            case Iommu.Dma access -> onDma(access);
            case Iommu.CloseBooks close -> close.replyTo().tell(books());
          }
          return Behaviors.same();
        });
  }

  private void onMap(Iommu.Map map) {
    Outcome<SgTable> outcome =
        environment
            .faults()
            .failMap(context.getSelf().path().name())
            .map(Outcome::<SgTable>refused)
            .orElseGet(
                () ->
                    models
                        .get(map.domain())
                        .map(map.extents(), map.direction(), map.constraints()));
    map.replyTo().tell(new Buffer.IommuMapped(map.attachment(), Iommu.MapResult.of(outcome)));
  }

  private void onUnmap(Iommu.Unmap unmap) {
    models.get(unmap.domain()).unmap(unmap.table());
    unmap.replyTo().tell(new Buffer.IommuUnmapped(unmap.attachment(), unmap.generation()));
  }

  private void onDma(Iommu.Dma access) {
    DmaJob.Report report = models.get(access.domain()).run(access.job());
    faults += report.faults();
    long nanos = (long) (report.copiedBytes() * NANOS_PER_SECOND / COPY_BYTES_PER_SECOND);
    if (nanos == 0) {
      access.replyTo().tell(report);
    } else {
      context.scheduleOnce(environment.clock().toScheduler(nanos), access.replyTo(), report);
    }
  }

  private Iommu.Books books() {
    DmaModel.Holdings all = DmaModel.Holdings.NONE;
    for (DmaModel model : models) {
      all = all.plus(model.holdings());
    }
    return new Iommu.Books(name, all.views(), all.pages(), 0, faults, all.flushedPages(), handled);
  }
}
