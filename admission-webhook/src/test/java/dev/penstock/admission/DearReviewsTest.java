package dev.penstock.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import dev.penstock.testkit.VirtualClock;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reviews that cost much more than others, in time or in what they leave. */
class DearReviewsTest {
  private final VirtualClock clock = new VirtualClock();
  private final Admission admission = World.admission(clock);

  @BeforeEach
  void aClusterWithAnIngress() {
    admission.onView(
        World.of(
            """
            [{"kind": "IngressClass", "metadata": {"name": "penstock"},
              "spec": {"controller": "penstock.dev/ingress-controller"}},
             {"kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
              "spec": {"ports": [{"port": 80}]}},
             %s]\
            """
                .formatted(ingress(path("/")))));
  }

  private static String ingress(String paths) {
    return """
    {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
     "metadata": {"name": "web", "namespace": "shop"},
     "spec": {"ingressClassName": "penstock",
      "rules": [{"host": "a.test", "http": {"paths": [%s]}}]}}\
    """
        .formatted(paths);
  }

  private static String path(String path) {
    return """
    {"path": "%s", "pathType": "Exact",
     "backend": {"service": {"name": "web", "port": {"number": 80}}}}\
    """
        .formatted(path);
  }

  private String update(String object) {
    try {
      Json json = Json.parse(object);
      Json.Struct request =
          Json.Struct.EMPTY
              .with("operation", "UPDATE")
              .with("object", json)
              .with("oldObject", json);
      return World.answer(admission, World.review("u", request)).text();
    } catch (JsonFault fault) {
      throw new IllegalArgumentException(fault);
    }
  }

  private String settings(String bodySize) {
    return update(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": "penstock", "namespace": "penstock"},
         "data": {"proxy-body-size": "%s"}}\
        """
            .formatted(bodySize));
  }

  /** A Service that loses the port that an Ingress names. */
  private String service() throws JsonFault {
    String service =
        """
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
         "spec": {"ports": [{"port": %d}]}}\
        """;
    Json.Struct request =
        Json.Struct.EMPTY
            .with("operation", "UPDATE")
            .with("object", Json.parse(service.formatted(81)))
            .with("oldObject", Json.parse(service.formatted(80)));
    return World.answer(admission, World.review("u", request)).text();
  }

  @Test
  void whatTranslatesEveryIngressAnewIsRationed() throws JsonFault {
    for (int i = 0; i < Turns.AT_ONCE; i++) {
      assertThat(service()).contains("503").doesNotContain(Admission.ALONE);
    }
    assertThat(service()).contains("\"allowed\": true", Admission.ALONE).doesNotContain("503");
    assertThat(settings("8m")).contains("\"allowed\": true", Admission.ALONE);
    assertThat(update(ingress(path("/")))).doesNotContain(Admission.ALONE);
    clock.advance(Turns.EVERY);
    assertThat(service()).contains("503");
    assertThat(service()).contains(Admission.ALONE);
  }

  @Test
  void turnsThatNobodyTookAreNotSavedWithoutBound() throws JsonFault {
    clock.advance(Duration.ofDays(1));
    for (int i = 0; i < Turns.AT_ONCE; i++) {
      assertThat(service()).doesNotContain(Admission.ALONE);
    }
    assertThat(service()).contains(Admission.ALONE);
  }

  @Test
  void whoHasNoTurnIsDeniedAllTheSame() throws JsonFault {
    for (int i = 0; i < Turns.AT_ONCE; i++) service();
    String bad =
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": "penstock", "namespace": "penstock"},
         "data": {"proxy-body-size": "much"}}\
        """;
    Json.Struct request =
        Json.Struct.EMPTY.with("operation", "CREATE").with("object", Json.parse(bad));
    assertThat(World.answer(admission, World.review("u", request)).text())
        .contains("\"allowed\": false", "is not a number of bytes", Admission.ALONE);
  }

  @Test
  void oneAtATimeHasATurn() {
    Turns turns = new Turns(clock);
    assertThat(turns.take()).isTrue();
    assertThat(turns.take()).isFalse();
    turns.giveBack();
    assertThat(turns.take()).isTrue();
  }

  @Test
  void aLargeReviewLeavesLittleBehind() {
    String many =
        IntStream.range(0, 2_450)
            .mapToObj(i -> path("/" + i + "x".repeat(400)))
            .collect(Collectors.joining(", "));
    String large = ingress(many);
    update(large);
    update(ingress(path("/")));
    long before = World.usedHeap();
    for (int i = 0; i < 3; i++) assertThat(update(large)).contains("\"allowed\": true");
    assertThat(World.usedHeap() - before).isLessThan(7 << 20);
  }
}
