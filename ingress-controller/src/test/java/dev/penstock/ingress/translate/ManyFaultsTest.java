package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Source;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One Ingress has room for ten thousand faults; what is told of it is bounded. */
class ManyFaultsTest {
  private static final int MANY = 1_000;
  private static final int LEFT_OUT = MANY - IngressTranslator.DIAGNOSTICS_MAX;
  private static final String REST =
      "and " + LEFT_OUT + " more that are not told one by one: correct the 50 that are";

  private static String ingress(String name, int year, String spec) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: %s, namespace: %s, creationTimestamp: '%d-01-01T00:00:00Z'}
    spec: {%s}
    """
        .formatted(name, name, year, spec);
  }

  private static String service(String name) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: shop}
    spec: {ports: [{port: 80}]}
    """
        .formatted(name);
  }

  /** Each with a Service of its own when its name holds a number. */
  private static String paths(String service) {
    return IntStream.range(0, MANY)
        .mapToObj(i ->
            "{path: /p%d, pathType: Prefix, backend: {service: {name: %s, port: {number: 80}}}}"
                .formatted(i, service.formatted(i)))
        .collect(Collectors.joining(", ", "rules: [{host: a.test, http: {paths: [", "]}}]"));
  }

  private static List<Diagnostic> told(String yaml, String ingress) {
    return Translated.of(yaml).diagnostics().stream()
        .filter(d -> d.source().name().equals(ingress))
        .toList();
  }

  @Test
  void ofAnIngressTheFirstFaultsAreToldAndHowManyMoreThereAre() {
    Translated served = Translated.of(ingress("shop", 2020, paths("none")));

    assertThat(served.routes("a.test")).hasSize(MANY);
    assertThat(served.diagnostics()).hasSize(IngressTranslator.DIAGNOSTICS_MAX + 1);
    assertThat(served.diagnostics().getLast().message()).startsWith(REST);
    assertThat(served.diagnostics().getLast().level()).isEqualTo(Level.ERROR);
  }

  @Test
  void whatIsLeftOutIsAsBadAsTheWorstOfIt() {
    Complaints complaints = new Complaints();
    Source source = Source.of("Ingress", "ns", "web");
    for (int i = 0; i < IngressTranslator.DIAGNOSTICS_MAX; i++) {
      complaints.add(Diagnostic.info(source, "f" + i, "wrong"));
    }
    for (Level level : List.of(Level.WARNING, Level.ERROR, Level.INFO)) {
      complaints.add(
          new Complaint(
              level,
              source,
              () -> {
                throw new AssertionError("its text is not needed");
              }));
    }

    assertThat(complaints.all().getLast().level()).isEqualTo(Level.ERROR);
    assertThat(complaints.all().getLast().message()).startsWith("and 3 more");
  }

  @Test
  void twoIngressesThatAskForTheSameThousandPathsAreToldOfTheFirst() {
    String yaml =
        ingress("old", 2020, paths("none")) + ingress("shop", 2021, paths("web")) + service("web");

    List<Diagnostic> loser = told(yaml, "shop");
    List<Diagnostic> winner =
        told(yaml, "old").stream().filter(d -> d.level() == Level.INFO).toList();

    assertThat(loser).filteredOn(d -> d.message().contains("not in force")).hasSize(50);
    assertThat(loser.getLast().message()).startsWith(REST);
    assertThat(winner).hasSize(51);
    assertThat(winner.getLast().message()).startsWith(REST);
  }

  @Test
  void aThousandCertificatesThatAreMissingAreNotToldOneByOne() {
    String tls =
        IntStream.range(0, MANY)
            .mapToObj(i -> "{hosts: [h%d.test], secretName: s%d}".formatted(i, i))
            .collect(Collectors.joining(", ", "tls: [", "]"));
    String backend = "defaultBackend: {service: {name: web, port: {number: 80}}}, ";

    List<Diagnostic> told = told(ingress("shop", 2020, backend + tls) + service("web"), "shop");

    assertThat(told).hasSize(51);
    assertThat(told.getLast().message()).startsWith(REST);
  }

  @Test
  void onlyTheFirstMissingNamesAreComparedWithThoseThatAreThere() {
    Translated served =
        Translated.of(ingress("shop", 2020, paths("front-%03d")) + service("front-00x"));

    assertThat(served.diagnostics())
        .filteredOn(d -> d.message().contains("did you mean 'front-00x'"))
        .hasSize(KnownNames.MISSING_COMPARED_MAX);
  }

  @Test
  void certificatesWithoutHostsTimesTheHostsOfTheRulesAreBounded() {
    String rules =
        IntStream.range(0, 200)
            .mapToObj(i -> "{host: h%d.test}".formatted(i))
            .collect(Collectors.joining(", ", "rules: [", "], "));
    String tls =
        IntStream.range(0, 200)
            .mapToObj(i -> "{secretName: s%d}".formatted(i))
            .collect(Collectors.joining(", ", "tls: [", "]"));

    assertThat(Translated.of(ingress("shop", 2020, rules + tls)).complaints())
        .singleElement()
        .asString()
        .contains("holds more than 10000 rules, paths or TLS hosts; the Ingress is set aside");
  }
}
