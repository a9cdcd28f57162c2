package org.bufferyard.allocator.iommu;

import org.bufferyard.allocator.Pages;

/**
 * What a device's access meets: the translation cache, then the page table, then the check of the
 * direction; whatever fails is recorded. Not thread-safe; owned by its domain.
 */
final class Translator {
  private final PageTable table;
  private final Iotlb iotlb;
  private final FaultLog faultLog;

  Translator(PageTable table, Iotlb iotlb, FaultLog faultLog) {
    this.table = table;
    this.iotlb = iotlb;
    this.faultLog = faultLog;
  }

  FaultLog faultLog() {
    return faultLog;
  }

  long translate(int device, long iovaBytes, boolean write) {
    long iova = iovaBytes >>> Pages.SHIFT;
    if (iova >= table.spacePages()) {
      return fault(device, iovaBytes, write, FaultReason.BEYOND_SPACE);
    }
    long entry = iotlb.lookup(iova);
    if (entry == 0) {
      entry = table.translate(iova);
      if (entry == 0) {
        return fault(device, iovaBytes, write, FaultReason.NOT_MAPPED);
      }
      iotlb.insert(iova, entry);
    }
    if ((entry & (write ? PageTable.WRITE : PageTable.READ)) == 0) {
      return fault(
          device, iovaBytes, write, write ? FaultReason.WRITE_DENIED : FaultReason.READ_DENIED);
    }
    return entry >>> Pages.SHIFT;
  }

  private long fault(int device, long iovaBytes, boolean write, FaultReason reason) {
    faultLog.add(device, iovaBytes, write, reason);
    return reason.code();
  }
}
