package org.bufferyard.actors.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bufferyard.actors.protocol.Contents;
import org.bufferyard.actors.protocol.DeviceId;
import org.bufferyard.actors.protocol.DmaJob;
import org.bufferyard.allocator.Pages;

/**
 * DMA: runs a device's accesses page by page through a translation, never through a buffer's own
 * page list, and compares each page read with what was last written there.
 */
public final class Dma {
  /** One job reports at most this many findings; more are counted as faults alone. */
  public static final int FINDINGS_MAX = 8;

  /** From a device address to a page frame. */
  public interface Translation {
    /** The page frame, or a negative number: the access faults. */
    long pfn(long deviceAddress, boolean write);
  }

  /** How a device whose segments are no runs of pages, as behind a tiler, finds a buffer's page. */
  public interface View {
    /** The page frame behind all that {@code access.table()} shows of the page, or negative. */
    long pfn(DmaJob.Access access, long page);
  }

  private final PhysicalMemory memory;

  public Dma(PhysicalMemory memory) {
    this.memory = memory;
  }

  public DmaJob.Report run(DmaJob job, Translation translation) {
    return run(job, access -> translation);
  }

  /** As {@link #run(DmaJob, Translation)}, where each mapping has a translation of its own. */
  public DmaJob.Report run(DmaJob job, Function<DmaJob.Access, Translation> translations) {
    Run run = new Run(job.device());
    for (DmaJob.Access access : job.accesses()) {
      run.access(access, translations.apply(access));
    }
    return run.report(job);
  }

  /** Runs the accesses through a view of the pages. */
  public DmaJob.Report look(DmaJob job, View view) {
    Run run = new Run(job.device());
    for (DmaJob.Access access : job.accesses()) {
      for (long page = access.firstPage(); page < access.firstPage() + access.pages(); page++) {
        run.touch(access, page, view.pfn(access, page));
      }
    }
    return run.report(job);
  }

  private final class Run {
    private final DeviceId device;
    private final List<DmaJob.Finding> findings = new ArrayList<>();
    private long pagesRead;
    private long pagesWritten;
    private long faults;

    Run(DeviceId device) {
      this.device = device;
    }

    DmaJob.Report report(DmaJob job) {
      return new DmaJob.Report(
          job.token(), pagesRead, pagesWritten, faults, 0, List.copyOf(findings));
    }

    void access(DmaJob.Access access, Translation translation) {
      long page = 0;
      long end = access.firstPage() + access.pages();
      for (int segment = 0; segment < access.table().nents() && page < end; segment++) {
        long inSegment = Pages.ofBytes(access.table().lengthBytes(segment));
        long from = Math.max(page, access.firstPage());
        long to = Math.min(page + inSegment, end);
        for (long each = from; each < to; each++) {
          long address = access.table().address(segment) + ((each - page) << Pages.SHIFT);
          touch(access, each, translation.pfn(address, access.write()));
        }
        page += inSegment;
      }
      if (page < end) {
        find(access, page, "the mapping ends before the page");
      }
    }

    void touch(DmaJob.Access access, long page, long pfn) {
      if (pfn < 0) {
        find(access, page, "no translation for the device's addresses of it");
        return;
      }
      if (!memory.backed(pfn)) {
        find(access, page, "no memory at page frame " + pfn);
        return;
      }
      memory.watch().touched(device, access, page, pfn);
      if (access.write()) {
        memory.write(pfn, PageTags.of(access.buffer().value(), page, access.stamp()));
        pagesWritten++;
      } else {
        read(access, page, pfn);
      }
    }

    private void read(DmaJob.Access access, long page, long pfn) {
      long stamp = access.expected().stampAt(page);
      long found = memory.read(pfn);
      pagesRead++;
      long wanted = PageTags.of(access.buffer().value(), page, stamp);
      if (stamp != Contents.UNKNOWN && found != wanted) {
        find(access, page, "holds " + describe(found) + ", last write was stamp " + stamp);
      }
    }

    private void find(DmaJob.Access access, long page, String text) {
      faults++;
      if (findings.size() < FINDINGS_MAX) {
        findings.add(new DmaJob.Finding(access.buffer(), page, text));
      }
    }

    private static String describe(long tag) {
      if (tag == PageTags.POISON) {
        return "the poison of freed memory";
      }
      if (tag == PageTags.TORN) {
        return "a torn page";
      }
      return tag == PageTags.ZERO ? "zeroes" : "foreign or old data " + Long.toHexString(tag);
    }
  }
}
