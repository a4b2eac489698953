package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.ingress;
import static dev.penstock.ingress.translate.Yaml.path;
import static dev.penstock.ingress.translate.Yaml.rule;
import static dev.penstock.ingress.translate.Yaml.rules;
import static dev.penstock.ingress.translate.Yaml.service;
import static dev.penstock.ingress.translate.Yaml.tlsSecret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.model.ConfigJson;
import dev.penstock.model.JsonFault;
import dev.penstock.model.Publication;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.VirtualHost;
import dev.penstock.testkit.TestCertificate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever stands beside them, good objects are served as if they were alone. */
class IsolationTest {
  private static final int WORLDS = 2_000;
  private static final TestCertificate CERTIFICATE =
      TestCertificate.of(TestCertificate.Algorithm.EC, Translated.NOW, List.of("good.test"));

  private static final ClusterView GOOD =
      Translated.view(
          service("good")
              + tlsSecret("good", "kubernetes.io/tls", CERTIFICATE.chainPem(), CERTIFICATE.keyPem())
              + ingress(
                  "good",
                  "2000-01-01T00:00:00Z",
                  "tls: [{hosts: [good.test], secretName: good}], "
                      + rules(
                          rule(
                              "good.test",
                              path("Prefix", "/", "good"),
                              path("Exact", "/a", "good")),
                          rule("plain.test", path("Prefix", "/a", "good")),
                          rule("", path("Prefix", "/", "good")))));

  @Test
  void randomGarbageNeitherThrowsNorChangesWhatIsGood() throws JsonFault {
    Publication alone = translate(GOOD).publication();
    long seed = Long.getLong("seed", new Random().nextLong());
    for (int i = 0; i < WORLDS; i++) {
      Garbage garbage = new Garbage(new Random(seed + i));
      Publication all = translate(garbage.besides(GOOD)).publication();
      String world = "seed " + (seed + i);
      for (VirtualHost host : alone.config().hosts()) {
        List<Route> served = routes(all, host);
        List<Route> kept = host.routes().stream().filter(r -> !isClosed(r, served)).toList();
        if (!kept.isEmpty()) assertThat(served).as(world).containsSubsequence(kept);
      }
      assertThat(all.config().tlsHosts()).as(world).containsAll(alone.config().tlsHosts());
      assertThat(all.endpoints()).as(world).containsAll(alone.endpoints());
      assertThat(all.keys()).as(world).containsAllEntriesOf(alone.keys());
      assertThat(ConfigJson.publicationFromJson(ConfigJson.toJson(all))).as(world).isEqualTo(all);
    }
  }

  @Test
  void equalInputGivesAnEqualResultWhateverTheOrderOfTheObjects() {
    for (int seed = 0; seed < 100; seed++) {
      ClusterView one = new Garbage(new Random(seed)).besides(GOOD);
      ClusterView same = new Garbage(new Random(seed)).besides(GOOD);

      assertThat(translate(one)).as("seed " + seed).isEqualTo(translate(same));
    }
  }

  private static Translated translate(ClusterView view) {
    return Translated.of(view, Publication.EMPTY, Translated.options(Optional.empty()));
  }

  /** By an Ingress that protects and has an unreadable path there: it fails closed for all. */
  private static boolean isClosed(Route route, List<Route> served) {
    return served.stream()
        .filter(other -> other.match().getClass().equals(route.match().getClass()))
        .filter(other -> text(other).equals(text(route)))
        .anyMatch(other ->
            other.action() instanceof RouteAction.Respond respond
                && respond.why().startsWith("not in force in this version"));
  }

  private static String text(Route route) {
    return route.match().text().replaceFirst("(?<=.)/$", "");
  }

  private static List<Route> routes(Publication publication, VirtualHost host) {
    return publication.config().hosts().stream()
        .filter(candidate -> candidate.host().equals(host.host()))
        .flatMap(candidate -> candidate.routes().stream())
        .toList();
  }
}
