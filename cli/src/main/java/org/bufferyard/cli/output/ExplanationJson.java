package org.bufferyard.cli.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bufferyard.allocator.placement.BufferFacts;
import org.bufferyard.allocator.placement.Explanation;
import org.bufferyard.allocator.placement.Explanation.DeviceView;
import org.bufferyard.allocator.placement.Explanation.RejectedRegion;
import org.bufferyard.allocator.placement.PlacementChoice;
import org.bufferyard.allocator.placement.PlacementRefusal;
import org.jspecify.annotations.Nullable;

/** An explanation as JSON. */
public final class ExplanationJson {

  public static String of(Explanation explanation, BufferFacts buffer) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    PlacementChoice placement = explanation.placement();
    object.put("placement", placement == null ? null : placement(explanation, placement, buffer));
    PlacementRefusal refusal = explanation.refusal();
    object.put("refusal", refusal == null ? null : refusal(refusal));
    List<Object> devices = new ArrayList<>();
    explanation.devices().forEach(view -> devices.add(device(view)));
    object.put("devices", devices);
    return Json.indented(object);
  }

  private static Map<String, Object> placement(
      Explanation explanation, PlacementChoice placement, BufferFacts buffer) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("region", placement.region());
    object.put("contiguous", placement.contiguous());
    object.put("alignBytes", placement.alignBytes());
    object.put("sizeBytes", buffer.sizeBytes());
    object.put("runs", explanation.extents().runs());
    object.put("why", explanation.why());
    List<Object> rejected = new ArrayList<>();
    explanation.rejected().forEach(region -> rejected.add(rejected(region)));
    object.put("rejected", rejected);
    return object;
  }

  private static Map<String, Object> rejected(RejectedRegion region) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("region", region.region());
    object.put("field", region.field().label());
    object.put("devices", region.devices());
    return object;
  }

  private static Map<String, Object> refusal(PlacementRefusal refusal) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("errno", refusal.errno().name());
    object.put("devices", refusal.devices());
    object.put("field", refusal.field().label());
    object.put("reason", refusal.reason());
    object.put("wouldHelp", refusal.wouldHelp());
    return object;
  }

  private static Map<String, Object> device(DeviceView view) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("device", view.device());
    object.put("path", view.path().name().toLowerCase(Locale.ROOT));
    object.put("segments", view.segments());
    return object;
  }

  private ExplanationJson() {}
}
