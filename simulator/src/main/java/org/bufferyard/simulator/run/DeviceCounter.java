package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Map;
import org.bufferyard.actors.protocol.BufferId;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.workload.Use;

/** Where a program hands its requests to devices in, each under the token that its answer bears. */
record DeviceCounter(
    Map<String, ActorRef<Device.Command>> devices,
    ClientId client,
    ActorRef<Device.Reply> replies) {

  private void tell(String name, Device.Command command) {
    ActorRef<Device.Command> device = devices.get(name);
    if (device == null) {
      throw new IllegalArgumentException("the scenario has no device " + name);
    }
    device.tell(command);
  }

  static Device.Use use(Session.Grant grant, Use use) {
    return Device.Use.of(grant, use.direction(), use.firstPage(), use.pages());
  }

  void submit(String device, long token, List<Device.Use> uses, long busyNanos) {
    tell(device, new Device.Submit(client, Simulation.EPOCH, token, uses, busyNanos, replies));
  }

  void attach(String device, long token, Session.Grant grant) {
    tell(
        device,
        new Device.Attach(
            client, Simulation.EPOCH, token, grant.handle(), grant.buffer(), grant.ref(), replies));
  }

  void pin(String device, long token, Session.Grant grant, boolean pin) {
    tell(
        device,
        new Device.Pin(
            client,
            Simulation.EPOCH,
            token,
            grant.handle(),
            grant.buffer(),
            grant.ref(),
            pin,
            replies));
  }

  void forget(String device, BufferId buffer) {
    tell(device, new Device.Forget(client, Simulation.EPOCH, buffer));
  }
}
