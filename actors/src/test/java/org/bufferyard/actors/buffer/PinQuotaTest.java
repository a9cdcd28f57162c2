package org.bufferyard.actors.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import org.bufferyard.actors.environment.PinQuota;
import org.bufferyard.actors.protocol.Buffer;
import org.bufferyard.actors.protocol.Importer;
import org.bufferyard.actors.protocol.Reservation;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;
import org.bufferyard.allocator.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pins of one owner on one buffer, and their charge to the owner's session. */
class PinQuotaTest {
  private static final Refusal OVER = new Refusal(Errno.EDQUOT, "pinned too much");

  private final BufferRig rig = new BufferRig(new PinQuota(2, 100));
  private final int attachment = rig.mapped();

  @AfterEach
  void close() {
    rig.close();
  }

  private void pin() {
    rig.tell(new Buffer.Pin(rig.header(), attachment, rig.importer()));
  }

  private void unpin() {
    rig.tell(new Buffer.Unpin(rig.header(), attachment, rig.importer()));
  }

  private void charged(@Nullable Refusal refusal) {
    rig.tell(new Buffer.PinCharged(BufferRig.OWNER, refusal));
  }

  private int charges() {
    return rig.all(rig.toSession, Session.ChargePin.class).size();
  }

  private int refunds() {
    return rig.all(rig.toSession, Session.UnchargePin.class).size();
  }

  private int pinned() {
    return rig.all(rig.toImporters, Importer.Pinned.class).size();
  }

  @Test
  void pin_first_waitsForTheSessionAndIsChargedOnce() {
    pin();
    pin();
    assertThat(rig.last(rig.toSession, Session.ChargePin.class).pages()).isEqualTo(BufferRig.PAGES);
    assertThat(pinned()).isZero();
    charged(null);
    assertThat(pinned()).isEqualTo(2);
    assertThat(charges()).isEqualTo(1);
  }

  @Test
  void pin_oneMoreThanThePerBufferQuota_edquotAndTheOthersStay() {
    pin();
    charged(null);
    pin();
    pin();
    Importer.Refused refused = rig.last(rig.toImporters, Importer.Refused.class);
    assertThat(refused.refusal().errno()).isEqualTo(Errno.EDQUOT);
    assertThat(refused.refusal().wouldHelp()).contains("unpinning");
    unpin();
    pin();
    assertThat(pinned()).isEqualTo(3);
  }

  @Test
  void pin_sessionRefuses_edquotNothingPinnedAndAskedAgainNextTime() {
    pin();
    charged(OVER);
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).refusal()).isEqualTo(OVER);
    rig.prepare(1, 9);
    assertThat(rig.toImporters.getLast()).isInstanceOf(Importer.Invalidate.class);
    rig.tell(new Buffer.MoveFailed(1, OVER));
    pin();
    assertThat(charges()).isEqualTo(2);
  }

  @Test
  void unpin_last_givesTheChargeBack() {
    pin();
    charged(null);
    pin();
    unpin();
    assertThat(refunds()).isZero();
    unpin();
    assertThat(refunds()).isEqualTo(1);
  }

  @Test
  void detach_pinned_givesTheChargeBack() {
    pin();
    charged(null);
    rig.tell(new Buffer.Detach(rig.header(), attachment, rig.importer()));
    assertThat(refunds()).isEqualTo(1);
  }

  @Test
  void charged_whileTheBufferMoves_pinnedAfterwards() {
    pin();
    rig.prepare(1, 9);
    charged(null);
    assertThat(pinned()).isZero();
    assertThat(refunds()).isZero();
    rig.unmap(attachment, 1);
    rig.landed(1, BufferRig.SYSTEM);
    assertThat(pinned()).isEqualTo(1);
  }

  @Test
  void charged_afterTheRelease_ebadfAndGivenBack() {
    pin();
    rig.tell(rig.share(rig.header(), new org.bufferyard.actors.protocol.Handle(2, 2), 1));
    rig.release();
    charged(null);
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).refusal().errno())
        .isEqualTo(Errno.EBADF);
    assertThat(pinned()).isZero();
  }

  @Test
  void clientGone_whileItsPinWaits_ecanceled() {
    pin();
    rig.tell(new Reservation.ClientGone(BufferRig.OWNER));
    assertThat(rig.last(rig.toImporters, Importer.Refused.class).refusal().errno())
        .isEqualTo(Errno.ECANCELED);
  }
}
