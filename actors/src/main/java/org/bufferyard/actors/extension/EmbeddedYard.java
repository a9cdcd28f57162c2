package org.bufferyard.actors.extension;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.lease.BufferSpec;
import org.bufferyard.actors.lease.ClientActor;
import org.bufferyard.actors.lease.ClientRef;
import org.bufferyard.actors.lease.HostImporter;
import org.bufferyard.actors.lease.ImporterActor;
import org.bufferyard.actors.lease.ImporterNotice;
import org.bufferyard.actors.lease.LeaseTerms;
import org.bufferyard.actors.lease.MapTimes;
import org.bufferyard.actors.lease.SharedBuffer;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.remote.GatewayActor;
import org.bufferyard.actors.remote.RemoteImporter;
import org.bufferyard.actors.remote.RemoteImporterActor;
import org.bufferyard.actors.remote.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A yard inside an application: memory that its actors and streams share by handle. Thread-safe.
 *
 * <p>When the yard has ended or failed, whatever is asked is refused ENODEV, and says why; {@link
 * Bufferyard#yard(String)} then opens a new one.
 */
public final class EmbeddedYard {
  private final ActorSystem<?> system;
  private final EmbedSettings settings;
  private final long epoch;
  private final ActorRef<YardGuardian.Command> guardian;
  private final ClientRef application;
  private final YardEvents events = new YardEvents();
  private final MapTimes mapTimes;
  private final AtomicInteger clients = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  // Guarded by this.
  private @Nullable ActorRef<GatewayActor.Command> gateway;

  private EmbeddedYard(
      ActorSystem<?> system, EmbedSettings settings, EmbeddedGround ground, Host host, long epoch) {
    this.system = system;
    this.settings = settings;
    this.epoch = epoch;
    this.mapTimes = new MapTimes(host.clock());
    this.guardian =
        system.systemActorOf(
            YardGuardian.create(settings, ground, host, epoch, mapTimes, new Ear()),
            "bufferyard-" + settings.name() + "-" + epoch,
            Props.empty());
    this.application = client();
  }

  /**
   * Takes the memory and starts the yard's actors.
   *
   * @throws IOException there is not as much memory, or the swap directory cannot be used
   */
  static EmbeddedYard open(ActorSystem<?> system, EmbedSettings settings, Host host, long epoch)
      throws IOException {
    return new EmbeddedYard(system, settings, EmbeddedGround.lay(settings), host, epoch);
  }

  private final class Ear implements YardGuardian.Life {
    @Override
    public void observed(org.bufferyard.actors.protocol.YardEvent event) {
      events.observed(event);
      YardJfr.record(settings.name(), event);
    }

    @Override
    public void ended(boolean memoryReturned) {
      ended.complete(memoryReturned);
    }
  }

  public String name() {
    return settings.name();
  }

  public EmbedSettings settings() {
    return settings;
  }

  /** How much each of its clients may pin; more is refused EDQUOT. */
  public PinQuota pinQuota() {
    return settings.limits().pins();
  }

  /** Which yard of this name it is, from 1; a handle of an earlier one is worth nothing. */
  public long epoch() {
    return epoch;
  }

  /** A buffer of the application's own client; it has no memory before its first mapping. */
  public CompletionStage<SharedBuffer> export(BufferSpec spec) {
    return application.export(spec);
  }

  /** The client whose the buffers of {@link #export} are. */
  public ClientRef application() {
    return application;
  }

  /** Another client: it opens only buffers that are its own or shared with it. */
  public ClientRef client() {
    ClientId id = new ClientId(clients.getAndIncrement());
    ActorRef<ClientActor.Command> actor =
        system.systemActorOf(ClientActor.create(id), unique("client-" + id.value()), Props.empty());
    guardian.tell(new YardGuardian.JoinClient(id, actor));
    return new ClientRef(id, actor, system.executionContext());
  }

  /** An importer that caches its mappings, and gives them up when a buffer has to move. */
  public HostImporter importer(String name) {
    return importer(name, true, null);
  }

  /**
   * The importer of an application's actor, which hears the turns of its attachments.
   *
   * @param dynamic false: what it has mapped does not move, and nothing is cached
   * @param listener when it dies, all its leases are reclaimed and its buffers detached
   */
  public HostImporter importer(
      String name, boolean dynamic, @Nullable ActorRef<? super ImporterNotice> listener) {
    ActorRef<ImporterActor.Command> actor =
        system.systemActorOf(ImporterActor.create(listener), unique("importer"), Props.empty());
    guardian.tell(new YardGuardian.JoinImporter(name, dynamic, actor));
    return new HostImporter(
        name, actor, new LeaseTerms(settings.leaseNanos(), false), system.executionContext());
  }

  /** The yard's door to other processes; opened when first asked for. */
  public synchronized ActorRef<GatewayActor.Command> gateway() {
    ActorRef<GatewayActor.Command> open = gateway;
    if (open == null) {
      open =
          system.systemActorOf(
              GatewayActor.create(notices -> importer("gateway", true, notices)),
              unique("gateway"),
              Props.empty());
      gateway = open;
    }
    return open;
  }

  /** A name for the buffer that another process can use, for as long as it is exposed. */
  public CompletionStage<Wire.RemoteBuffer> expose(SharedBuffer buffer) {
    CompletableFuture<Wire.RemoteBuffer> exposed = new CompletableFuture<>();
    gateway()
        .tell(
            new GatewayActor.Expose(
                buffer,
                system.systemActorOf(
                    Once.of(exposed::complete), unique("exposed"), Props.empty())));
    return exposed;
  }

  /**
   * An importer of buffers in other processes.
   *
   * @param listener hears when one of them has to move; or null
   */
  public RemoteImporter remoteImporter(
      String name, @Nullable ActorRef<? super RemoteImporterActor.Invalidated> listener) {
    ActorRef<RemoteImporterActor.Command> actor =
        system.systemActorOf(
            RemoteImporterActor.create(
                application, importer(name), settings.remoteStaged(), listener),
            unique("remote-importer"),
            Props.empty());
    return new RemoteImporter(actor, system.executionContext());
  }

  private String unique(String name) {
    return "bufferyard-"
        + settings.name()
        + "-"
        + epoch
        + "-"
        + name
        + "-"
        + names.getAndIncrement();
  }

  /** What there is, and was done. Fails by nothing; a yard that has ended answers nothing. */
  public CompletionStage<YardSnapshot> snapshot() {
    CompletableFuture<YardSnapshot> taken = new CompletableFuture<>();
    snapshot(system.systemActorOf(Once.of(taken::complete), unique("snapshot"), Props.empty()));
    return taken;
  }

  public void snapshot(ActorRef<YardSnapshot> replyTo) {
    guardian.tell(new YardGuardian.Snapshot(replyTo));
  }

  /**
   * What the policies under {@code shadows} would have done so far. Like {@link #snapshot()}, a
   * yard that has ended answers nothing.
   */
  public CompletionStage<YardShadows> shadows() {
    CompletableFuture<YardShadows> told = new CompletableFuture<>();
    guardian.tell(
        new YardGuardian.AskShadows(
            system.systemActorOf(Once.of(told::complete), unique("shadows"), Props.empty())));
    return told;
  }

  /** Where to listen to how long maps take. */
  public MapTimes mapTimes() {
    return mapTimes;
  }

  /** Counts since the yard opened, for meters. */
  public YardEvents events() {
    return events;
  }

  /** No new leases, the configured grace for the open ones, then the memory goes. */
  public CompletionStage<Done> close() {
    guardian.tell(new YardGuardian.Close(settings.graceNanos(), "was closed"));
    return whenEnded();
  }

  /** Completes when the yard was closed or has failed, and its actors have ended. */
  public CompletionStage<Done> whenEnded() {
    return ended.thenApply(returned -> Done.getInstance());
  }

  /** True when its actors have ended and nobody touches its memory. */
  public boolean hasEnded() {
    return ended.isDone();
  }

  /** Where the actors of this application find one another's importers of this yard. */
  public ServiceKey<ImporterActor.Command> importerKey(String name) {
    return ServiceKey.create(
        ImporterActor.Command.class, "bufferyard-" + settings.name() + "-importer-" + name);
  }

  /** Lists the importer with the receptionist, under {@link #importerKey}. */
  public void publish(HostImporter importer) {
    system.receptionist().tell(Receptionist.register(importerKey(importer.name()), importer.ref()));
  }
}
