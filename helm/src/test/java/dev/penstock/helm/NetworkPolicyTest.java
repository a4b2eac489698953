package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What NetworkPolicies let in and out. */
class NetworkPolicyTest {
  private static final String ON =
      "{tcp: {'5432': 'a/b:1'}, udp: {'5353': 'a/b:1'}, controller: {networkPolicy: {enabled: true}}}";

  @Test
  void thereIsNoneUnlessAskedFor() {
    assertThat(Chart.render().names()).noneMatch(name -> name.startsWith("NetworkPolicy/"));
  }

  @Test
  void toTheGatewayItsPortsAreOpenAndItReachesEverything() {
    JsonNode spec = Chart.render(ON).one(Kind.NetworkPolicy).path("spec");

    assertThat(spec.path("policyTypes")).hasToString("[\"Ingress\",\"Egress\"]");
    assertThat(spec.path("ingress"))
        .hasToString(
            "[{\"ports\":[{\"port\":\"http\"},{\"port\":\"https\"},{\"port\":\"metrics\"},"
                + "{\"port\":\"5432-tcp\",\"protocol\":\"TCP\"},{\"port\":\"5353-udp\",\"protocol\":\"UDP\"}]}]");
    assertThat(spec.path("egress")).as("backends are anywhere").hasToString("[{}]");
  }

  @Test
  void toTheWebhookItsPortsAreOpenAndItReachesTheApiServerWhateverItsPort() {
    JsonNode spec = Chart.render(ON).webhook().one(Kind.NetworkPolicy).path("spec");

    assertThat(spec.path("policyTypes")).hasToString("[\"Ingress\",\"Egress\"]");
    assertThat(spec.path("ingress"))
        .hasToString("[{\"ports\":[{\"port\":\"webhook\"},{\"port\":\"metrics\"}]}]");
    assertThat(spec.path("egress")).hasToString("[{\"ports\":[{\"protocol\":\"TCP\"}]}]");
  }
}
