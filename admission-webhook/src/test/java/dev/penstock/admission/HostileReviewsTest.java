package dev.penstock.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody who means well would send. */
class HostileReviewsTest {
  private static final String GOOD =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u",
       "kind": {"group": "networking.k8s.io", "version": "v1", "kind": "Ingress"},
       "operation": "CREATE", "object": {"metadata": {"name": "é", "namespace": "shop"%s},
       "spec": {"ingressClassName": "penstock"%s}}, "oldObject": null}}\
      """;

  private final Admission admission = World.admission();

  @BeforeEach
  void aCluster() {
    admission.onView(
        World.of(
            """
            [{"kind": "IngressClass", "metadata": {"name": "penstock"},
              "spec": {"controller": "penstock.dev/ingress-controller"}}]\
            """));
  }

  private Answer answer(String body) {
    return World.answer(admission, body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[]",
        "null",
        " {}",
        "{\u0000}",
        "{} {}",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"}",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\": 1}",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\": {}}",
        "{\"kind\": \"AdmissionReview\", \"apiVersion\": \"admission.k8s.io/v1beta1\", \"request\": {\"uid\": \"u\"}}",
        "{\"kind\": \"a\", \"kind\": \"b\"}",
        "{\"kind\": {\"a\": 1}}"
      })
  void whatIsNoReviewIsRefusedInOneLine(String body) {
    Answer answer = answer(body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).hasLineCount(1).hasSizeLessThan(400).endsWith("\n");
  }

  @Test
  void otherEncodingsAreRefused() {
    for (var charset :
        new Charset[] {
          StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16
        }) {
      assertThat(World.answer(admission, GOOD.formatted("", "").getBytes(charset)).status())
          .isEqualTo(400);
    }
  }

  @Test
  void anObjectIsCutOutOfTheReviewByItsBytes() {
    Answer answer = answer(GOOD.formatted("", ""));
    assertThat(answer.verdict()).isEqualTo(Answer.Kind.DENIED);
    assertThat(answer.text()).contains("'é' is no name").contains("\"uid\": \"u\"");
  }

  @Test
  void nestingIsBounded() {
    String deep = "[".repeat(200_000);
    assertThat(answer(GOOD.formatted("", ", \"x\": " + deep)).text()).contains("20000 levels");
    assertThat(answer(deep).status()).isEqualTo(400);
  }

  @Test
  void whatAnybodyWritesIntoManagedFieldsIsPassedOver() {
    String deep = "{\"f:a\": ".repeat(150) + "{}" + "}".repeat(150);
    for (String fields : List.of(deep, "{\"" + "x".repeat(60_000) + "\": {}}")) {
      String review =
          GOOD.formatted(", \"managedFields\": [{\"fieldsV1\": " + fields + "}]", "")
              .replace("é", "a");
      Answer plain = answer(GOOD.formatted("", "").replace("é", "a"));
      assertThat(answer(review)).isEqualTo(plain);
    }
  }

  @Test
  void namesOfFieldsAreNotKept() {
    long before = World.usedHeap();
    for (int review = 0; review < 200; review++) {
      StringBuilder fields = new StringBuilder("{");
      for (int i = 0; i < 20; i++) {
        fields.append('"').append(review).append('-').append(i).append("x".repeat(20_000));
        fields.append("\": 1, ");
      }
      answer(GOOD.formatted(", \"managedFields\": [" + fields + "\"\": 1}]", ""));
    }
    assertThat(World.usedHeap() - before).isLessThan(20 << 20);
  }

  @Test
  void theNumberOfValuesIsBounded() {
    String many = "0,".repeat(ReviewReader.VALUES_MAX);
    assertThat(answer(GOOD.formatted("", ", \"x\": [" + many + "0]")).text())
        .contains("more than 40000 values");
  }

  @Test
  void anObjectIsOneValueWhateverItHolds() {
    String path =
        """
        {"path": "/%d", "pathType": "Exact",
         "backend": {"service": {"name": "web", "port": {"number": 80}}}}\
        """;
    String rules =
        IntStream.range(0, ReviewReader.VALUES_MAX / 8 - 10)
            .mapToObj(path::formatted)
            .collect(Collectors.joining(", ", ", \"rules\": [{\"http\": {\"paths\": [", "]}}]"));
    assertThat(answer(GOOD.formatted("", rules).replace("é", "e")).status()).isEqualTo(200);
  }

  @Test
  void anObjectThatIsTooLargeOrHasTooManyPathsIsDenied() {
    String annotation = ", \"annotations\": {\"a/b\": \"" + "x".repeat(2_000_000) + "\"}";
    assertThat(answer(GOOD.formatted(annotation, "")).text())
        .contains("\"allowed\": false", "more than 1500000 bytes");
    assertThat(
            answer(GOOD.formatted(annotation, "").replace(", \"namespace\": \"shop\"", "")).text())
        .contains("\"allowed\": false", "more than 1500000 bytes");
    String paths =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(i -> "{\"path\": \"/" + i + "\", \"pathType\": \"Exact\"}")
            .collect(Collectors.joining(", "));
    String rules = ", \"rules\": [{\"http\": {\"paths\": [" + paths + "]}}]";
    assertThat(answer(GOOD.formatted("", rules)).text()).contains("split the Ingress");
    String theirs = GOOD.formatted("", rules).replace("\"penstock\"", "\"other\"");
    assertThat(answer(theirs).text()).contains("é"); // its name is judged before its class is known
    assertThat(answer(theirs.replace("é", "e")).verdict()).isEqualTo(Answer.Kind.ALLOWED);
  }

  @Test
  void whatIsSaidIsBounded() {
    String rules =
        IntStream.range(0, 500)
            .mapToObj(i -> "{\"host\": \"" + "a.".repeat(90) + ".b" + i + "\"}")
            .collect(Collectors.joining(", ", ", \"rules\": [", "]"));
    Answer answer = answer(GOOD.formatted("", rules).replace("é", "e"));
    assertThat(answer.text()).contains("and 41 more").hasSizeLessThan(8 << 10);
  }

  @Test
  void whatIsSaidTwiceIsRefused() {
    String twice = GOOD.replace("\"oldObject\": null", "\"uid\": \"v\"");
    assertThat(answer(twice.formatted("", "")).text()).contains("stands twice");
  }

  @Test
  void nothingComesBehindAReview() {
    assertThat(answer(GOOD.formatted("", "") + " {}").text()).contains("more than one JSON value");
  }

  @Test
  void namesOfTheApiAreShort() {
    String uid = GOOD.replace("\"u\"", "\"" + "u".repeat(129) + "\"");
    assertThat(answer(uid.formatted("", "")).text()).contains("at most 128 characters");
  }

  /** Its finalizers have to go, whatever it holds. */
  @Test
  void whatCannotBeReadIsAllowedOnlyWhileItIsBeingDeleted() {
    String deep = ", \"x\": " + "[".repeat(150) + "]".repeat(150);
    String deleted = ", \"deletionTimestamp\": \"2026-01-31T12:00:00Z\", \"generation\": 2";
    assertThat(answer(GOOD.formatted("", deep)).verdict()).isEqualTo(Answer.Kind.DENIED);
    assertThat(answer(GOOD.formatted(deleted, deep)).verdict()).isEqualTo(Answer.Kind.ALLOWED);
  }

  @Test
  void aDeletionIsAllowedWhateverIsSentWithIt() {
    String delete = GOOD.replace("CREATE", "DELETE");
    assertThat(answer(delete.formatted("", "")).text()).contains("\"allowed\": true");
  }

  @Test
  void whoMendsOneOfManyFaultsIsNotDeniedTheNext() {
    String before = object(badHosts(0));
    String update = GOOD.replace("CREATE", "UPDATE").replace("é", "e");
    assertThat(answer(update.formatted("", badHosts(1)).replace("null", before)).verdict())
        .isEqualTo(Answer.Kind.WARNED);
    assertThat(answer(update.formatted("", badHosts(1))).verdict()).isEqualTo(Answer.Kind.DENIED);
  }

  /** More than are told one by one. */
  private static String badHosts(int from) {
    return IntStream.range(from, 70)
        .mapToObj(i -> "{\"host\": \"a..b" + i + "\"}")
        .collect(Collectors.joining(", ", ", \"rules\": [", "]"));
  }

  private static String object(String spec) {
    return """
    {"metadata": {"name": "e", "namespace": "shop"}, "spec": {"ingressClassName": "penstock"%s}}\
    """
        .formatted(spec);
  }

  @Test
  void withoutAViewThereIsNoAnswer() {
    Answer answer =
        World.answer(World.admission(), GOOD.formatted("", "").getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.verdict()).isEqualTo(Answer.Kind.FAILED);
  }

  @Test
  void noMutationOfAReviewIsADefect() {
    byte[] good =
        GOOD.formatted(
                ", \"annotations\": {\"nginx.ingress.kubernetes.io/use-regex\": \"true\"}",
                ", \"rules\": [{\"host\": \"a.test\", \"http\": {\"paths\": [{\"path\": \"/x(\","
                    + " \"pathType\": \"Prefix\"}]}}], \"tls\": [{\"hosts\": [\"a\"]}]")
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      byte[] mutated = good.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = 1 + random.nextInt(good.length - 1);
        if (random.nextBoolean()) mutated[at] = (byte) random.nextInt(256);
        else mutated[at] = good[random.nextInt(good.length)];
      }
      assertThat(World.answer(admission, mutated).status())
          .as("%s", new String(mutated, StandardCharsets.UTF_8))
          .isIn(200, 400);
    }
  }

  @Test
  void reviewsLeaveNothingBehind() {
    ClusterView empty = World.of("[]");
    admission.onView(empty);
    String first = answer(GOOD.formatted("", "").replace("é", "e")).text();
    for (int i = 0; i < 100; i++) answer(GOOD.formatted("", "").replace("é", "e" + i));
    assertThat(answer(GOOD.formatted("", "").replace("é", "e")).text()).isEqualTo(first);
  }
}
