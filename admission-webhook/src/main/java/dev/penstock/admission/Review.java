package dev.penstock.admission;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The request of an {@code admission.k8s.io/v1} AdmissionReview, its objects not yet read. {@code
 * dryRun} is not looked at: an answer changes nothing.
 *
 * @param uid goes back with the answer
 * @param kind of the objects, as {@code networking.k8s.io/v1/Ingress}
 * @param object null on DELETE
 * @param oldObject null on CREATE
 */
record Review(
    String uid,
    String kind,
    String operation,
    String subResource,
    @Nullable Part object,
    @Nullable Part oldObject) {
  static final String INGRESS = "networking.k8s.io/v1/Ingress";

  boolean isOfIngress() {
    return kind.equals(INGRESS);
  }

  /**
   * One object.
   *
   * @param body of the whole review
   * @param from where in it the object is
   * @param isBeingDeleted it has a deletion timestamp, and only waits for its finalizers
   */
  record Part(byte[] body, int from, int length, boolean isBeingDeleted) {
    <T> ApiObject<T> as(ApiKind<T> kind) throws IOException {
      return kind.object(body, from, length);
    }
  }
}
