package dev.penstock.ingress.source;

import dev.penstock.model.RegexSize;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of heap an object costs once it is served: itself, what the translation remembers
 * of it, and what routes and meters are made of it. Rounded up from what a full collection left of
 * processes with tens of thousands of each part; good enough to bound them, and no more than that.
 */
final class ObjectCost {
  /** An object of which the name alone is known. */
  static final int NAME = 400;

  private static final int DIAGNOSTIC = 400;
  private static final int INGRESS = 2_000;
  private static final int ANNOTATION = 250;
  private static final int ENTRY = 1_000;
  private static final int HOST = 1_000;
  private static final int PATH = 1_750;
  private static final int INSTRUCTION = 128;
  private static final String EXPRESSION = "\\[(*+?{|";
  private static final int SERVICE = 600;
  private static final int SERVICE_PORT = 150;
  private static final int SLICE = 500;
  private static final int ADDRESS = 380;
  private static final int SECRET = 2_000;

  /** A text is held by the object and by what is made of it. */
  private static final int COPIES = 2;

  private ObjectCost() {}

  /**
   * @param value what is kept of the object; null when nothing is
   * @param diagnostics how many there are of it
   */
  static int of(@Nullable Object value, int diagnostics) {
    long cost = (long) NAME + (long) DIAGNOSTIC * diagnostics;
    cost +=
        switch (value) {
          case IngressObject ingress -> ingress(ingress);
          case ServiceObject service ->
              SERVICE
                  + (long) SERVICE_PORT * service.ports().size()
                  + service.externalName().length();
          case EndpointSliceObject slice -> slice(slice);
          case SecretObject secret -> SECRET + (long) COPIES * secret.bytes();
          case null, default -> 0;
        };
    return Math.clamp(cost, 0, Integer.MAX_VALUE);
  }

  private static long ingress(IngressObject ingress) {
    long cost = INGRESS + text(ingress.className()) + backend(ingress.defaultBackend());
    for (Map.Entry<String, String> each : ingress.annotations().values().entrySet()) {
      cost += ANNOTATION + text(each.getKey()) + text(each.getValue());
    }
    for (IngressObject.Rule rule : ingress.rules()) {
      cost += HOST + text(rule.host());
      for (IngressObject.Path path : rule.paths()) {
        cost += path(path.path()) + text(path.pathType()) + backend(path.backend());
      }
    }
    for (IngressObject.Tls tls : ingress.tls()) {
      cost += ENTRY + text(tls.secretName());
      for (String host : tls.hosts()) cost += HOST + text(host);
    }
    return cost;
  }

  private static long backend(IngressObject.@Nullable Backend backend) {
    if (backend == null) return 0;
    return text(backend.service()) + text(backend.portName()) + text(backend.resource());
  }

  /** Whether it is an expression is decided later; one without such a character is small. */
  private static long path(String path) {
    boolean isPlain = path.chars().noneMatch(c -> EXPRESSION.indexOf(c) >= 0);
    return PATH + text(path) + (isPlain ? 0 : INSTRUCTION * RegexSize.of(path));
  }

  private static long slice(EndpointSliceObject slice) {
    long cost = SLICE + (long) SERVICE_PORT * slice.ports().size();
    for (EndpointSliceObject.Member member : slice.members()) {
      cost += (long) ADDRESS * (1 + member.addresses().size()) / 2;
      for (String address : member.addresses()) cost += text(address);
    }
    return cost;
  }

  private static long text(@Nullable String text) {
    return text == null ? 0 : (long) COPIES * text.length();
  }
}
