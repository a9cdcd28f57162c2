package org.bufferyard.actors.sanitizer;

import org.bufferyard.actors.memory.MemoryWatch;
import org.bufferyard.actors.memory.PageTags;
import org.bufferyard.actors.memory.PhysicalMemory;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.actors.protocol.Region;
import org.bufferyard.actors.sanitizer.ShadowPages.State;
import org.bufferyard.allocator.Extents;

/** Pages given out, used, moved and given back. Owned by the sanitizer. */
final class PageAccount implements PageBooks, MemoryWatch {
  private final ShadowPages pages;
  private final PhysicalMemory memory;
  private final Yardbook book;
  private final Findings findings;

  PageAccount(ShadowPages pages, PhysicalMemory memory, Yardbook book, Findings findings) {
    this.pages = pages;
    this.memory = memory;
    this.book = book;
    this.findings = findings;
  }

  void reserved(Extents extents) {
    ShadowPages.each(
        extents,
        (pfn, index) -> {
          if (pages.state(pfn) != State.FREE) {
            findings.add(
                Rule.D79, book.buffer(pages.owner(pfn)), "frame " + pfn + " is given out twice");
          }
          pages.set(pfn, State.RESERVED);
        });
    checkOverwritten(extents);
  }

  /** One page a run: that all are is what the fill of the whole extents says. */
  private void checkOverwritten(Extents extents) {
    for (int run = 0; run < extents.runs(); run++) {
      long pfn = extents.pfn(run);
      if (pages.used(pfn)) {
        long tag = memory.read(pfn);
        if (tag != PageTags.POISON && tag != PageTags.ZERO) {
          findings.add(
              Rule.D88,
              book.buffer(pages.owner(pfn)),
              "frame " + pfn + " is given out with its last owner's data");
        }
      }
    }
  }

  void freed(Region.Free free) {
    givenBack(free.extents());
    ShadowPages.each(free.extents(), (pfn, index) -> pages.set(pfn, State.FREE));
  }

  void vacated(Region.Vacate vacate) {
    givenBack(vacate.extents());
    ShadowPages.each(vacate.extents(), (pfn, index) -> pages.vacate(pfn));
  }

  private void givenBack(Extents extents) {
    ShadowPages.each(
        extents,
        (pfn, index) -> {
          ShadowBuffer owner = book.buffer(pages.owner(pfn));
          if (pages.state(pfn) == State.FREE) {
            findings.add(Rule.D32, owner, "frame " + pfn + " is freed twice");
          } else if (pages.state(pfn) == State.OWNED) {
            findings.add(Rule.D32, owner, "frame " + pfn + " is freed while it is a buffer's");
          }
          if (pages.maps(pfn) != 0) {
            findings.add(
                Rule.D60,
                owner,
                owner == null ? null : owner.firstRecord(),
                pages.index(pfn),
                "frame " + pfn + " is freed while a device maps it");
          }
        });
  }

  /** The buffer lives in these pages from now on. */
  @Override
  public void owned(ShadowBuffer buffer, Extents extents) {
    ShadowPages.each(
        extents,
        (pfn, index) -> {
          boolean own = pages.owner(pfn) == buffer.number && pages.state(pfn) == State.LEAVING;
          if (pages.state(pfn) != State.RESERVED && !own) {
            findings.add(
                Rule.D79,
                buffer,
                "frame " + pfn + " is " + pages.state(pfn) + " and not reserved for it");
          }
          pages.own(pfn, buffer.number, index);
        });
  }

  @Override
  public void set(Extents extents, State state) {
    ShadowPages.each(extents, (pfn, index) -> pages.set(pfn, state));
  }

  /** {@code change} is 1 for a new mapping of the pages, -1 for one that has gone. */
  @Override
  public void mapped(ShadowBuffer buffer, MappingRecord record, int change) {
    ShadowPages.each(
        record.extents(),
        (pfn, index) -> {
          if (!pages.tracks(pfn)) {
            findings.add(Rule.D11, buffer, record, index, "frame " + pfn + " is no region's");
            return;
          }
          pages.addMap(pfn, change);
          checkMapped(buffer, record, pfn, index);
        });
  }

  private void checkMapped(ShadowBuffer buffer, MappingRecord record, long pfn, long index) {
    int maps = pages.maps(pfn);
    if (maps < 0) {
      findings.add(Rule.D59, buffer, record, index, "frame " + pfn + " has " + maps + " mappings");
    } else if (maps > Yardbook.MAPS_PER_PAGE_MAX) {
      findings.add(Rule.D22, buffer, record, index, "frame " + pfn + " has " + maps + " mappings");
    }
  }

  @Override
  public void touched(DeviceId device, DmaJob.Access access, long page, long pfn) {
    ShadowBuffer buffer = book.buffer((int) access.buffer().value());
    if (buffer == null || !pages.tracks(pfn)) {
      return;
    }
    checkOwner(device, access, buffer, page, pfn);
    if (device.value() >= 0) {
      checkMapping(device, buffer, access, page);
    }
    if (!buffer.granted(device.value(), page, access.write())) {
      findings.add(
          Rule.D39,
          buffer,
          book.record(buffer, device, access.table()),
          page,
          (access.write() ? "written" : "read") + " without a fence that says so");
    }
  }

  private void checkOwner(
      DeviceId device, DmaJob.Access access, ShadowBuffer buffer, long page, long pfn) {
    State state = pages.state(pfn);
    boolean its = pages.owner(pfn) == buffer.number && pages.index(pfn) == page;
    if (!its || state != State.OWNED) {
      findings.add(
          its && state == State.LEAVING ? Rule.D64 : Rule.D68,
          buffer,
          book.record(buffer, device, access.table()),
          page,
          "reaches frame "
              + pfn
              + ", which is "
              + state
              + (its ? "" : " and page " + pages.index(pfn) + " of " + name(pages.owner(pfn))));
    }
  }

  private String name(int owner) {
    ShadowBuffer buffer = book.buffer(owner);
    return buffer == null ? "nobody" : buffer.id.toString();
  }

  private void checkMapping(DeviceId device, ShadowBuffer buffer, DmaJob.Access access, long page) {
    MappingRecord record = book.record(buffer, device, access.table());
    if (record == null) {
      findings.add(Rule.D64, buffer, null, page, "reached by " + device + " without a mapping");
    } else if (access.write()
        ? !record.direction().deviceWrites()
        : !record.direction().deviceReads()) {
      findings.add(
          access.write() ? Rule.D67 : Rule.D15,
          buffer,
          record,
          page,
          (access.write() ? "written" : "read") + " through a mapping " + record.direction());
    }
  }

  @Override
  public void filled(Extents extents, long tag) {
    ShadowPages.each(
        extents,
        (pfn, index) -> {
          if (pages.tracks(pfn) && inUse(pfn)) {
            findings.add(
                Rule.D32,
                book.buffer(pages.owner(pfn)),
                null,
                index,
                "overwritten while it lives there");
          }
        });
  }

  @Override
  public void copied(long fromPfn, long toPfn, long count) {
    if (!pages.tracks(fromPfn) || !pages.tracks(toPfn)) {
      return;
    }
    for (long i = 0; i < count; i++) {
      ShadowBuffer from = book.buffer(pages.owner(fromPfn + i));
      if (inUse(fromPfn + i)) {
        findings.add(
            Rule.D39,
            from,
            null,
            pages.index(fromPfn + i),
            "copied before the buffer said it may be");
      }
      if (pages.state(toPfn + i) != State.RESERVED
          && (pages.state(toPfn + i) != State.OWNED || inUse(toPfn + i))) {
        findings.add(
            Rule.D79,
            book.buffer(pages.owner(toPfn + i)),
            "frame " + (toPfn + i) + " is copied onto and is not reserved for that");
      }
    }
  }

  /** A buffer lives there, and is not waiting for contents to come in or go out. */
  private boolean inUse(long pfn) {
    ShadowBuffer owner = book.buffer(pages.owner(pfn));
    return pages.state(pfn) == State.OWNED && (owner == null || owner.arriving == 0);
  }

  /** The old pages hold what the new ones do, unless the move copied nothing. */
  @Override
  public void checkCarried(ShadowBuffer buffer, Extents from, Extents to) {
    if (from.equals(to)) {
      return;
    }
    long[] tags = new long[Math.toIntExact(from.totalPages())];
    ShadowPages.each(from, (pfn, index) -> tags[(int) index] = memory.read(pfn));
    ShadowPages.each(
        to,
        (pfn, index) -> {
          if (memory.read(pfn) != tags[(int) index]) {
            findings.add(
                Rule.D77, buffer, null, index, "is another page after the move than before");
          }
        });
  }

  void checkAllFree() {
    long taken = pages.firstTaken();
    if (taken >= 0) {
      findings.add(
          Rule.D32,
          book.buffer(pages.owner(taken)),
          "frame " + taken + " is never freed: " + pages.state(taken));
    }
  }

  @Override
  public boolean anyInFile(Extents extents) {
    return extents.runs() > 0 && pages.inFile(extents.pfn(0));
  }
}
