package dev.penstock.admission;

import dev.penstock.model.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said of a change.
 *
 * @param faults why it is denied; none = it is allowed
 * @param warnings whatever becomes of it
 */
record Verdict(List<String> faults, List<String> warnings) {
  /** Lines of a kind that are said. Of warnings the API server passes 4,096 characters on. */
  static final int SAID_MAX = 10;

  /** As ingress-nginx: a message of kubectl begins with it. */
  private static final String REASON = "BadRequest";

  private static final int CODE = 400;

  static final Verdict SILENT = new Verdict(List.of(), List.of());

  Verdict {
    faults = List.copyOf(faults);
    warnings = List.copyOf(warnings);
  }

  /** The first of them, and how many more there are. */
  static List<String> bounded(List<String> lines) {
    if (lines.size() <= SAID_MAX) return lines;
    List<String> said = new ArrayList<>(lines.subList(0, SAID_MAX));
    said.add("and " + (lines.size() - SAID_MAX) + " more");
    return said;
  }

  Answer answer(String uid) {
    Json.Struct response = Json.Struct.EMPTY.with("uid", uid).with("allowed", faults.isEmpty());
    if (!faults.isEmpty()) {
      response =
          response.with(
              "status",
              Json.Struct.EMPTY
                  .with("status", "Failure")
                  .with("message", String.join("\n", faults))
                  .with("reason", REASON)
                  .with("code", CODE));
    }
    if (!warnings.isEmpty()) {
      response = response.with("warnings", Json.Array.of(warnings, Json.Text::new));
    }
    Json.Struct review =
        Json.Struct.EMPTY
            .with("apiVersion", "admission.k8s.io/v1")
            .with("kind", "AdmissionReview")
            .with("response", response);
    return new Answer(200, review.toText(), kind());
  }

  private Answer.Kind kind() {
    if (!faults.isEmpty()) return Answer.Kind.DENIED;
    return warnings.isEmpty() ? Answer.Kind.ALLOWED : Answer.Kind.WARNED;
  }
}
