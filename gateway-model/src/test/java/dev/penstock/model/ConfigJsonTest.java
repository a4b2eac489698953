package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfigJsonTest {
  private static final Upstream.Id API = new Upstream.Id("store", "api", "http");

  private static Publication small() {
    KeyMaterial key = new KeyMaterial("chain\n", "key\n");
    Source source = new Source("Ingress", "store", "shop", "shop.yaml", 12, 9);
    Route route =
        new Route(
            new PathMatch.Prefix("/api"),
            RouteAction.Forward.to(API),
            RoutePolicy.DEFAULT,
            "api",
            "http",
            source);
    HostPattern host = new HostPattern("shop.example");
    return new Publication(
        new GatewayConfig(
            Settings.DEFAULT,
            List.of(new VirtualHost(host, List.of(route))),
            List.of(new Upstream(API, new Balancing.RoundRobin())),
            List.of(new TlsHost(host, key.ref("store/shop-tls")))),
        List.of(new EndpointSet(API, List.of(new Endpoint("10.0.0.1", 80)))),
        Map.of("store/shop-tls", key));
  }

  @Test
  void theFormIsReadableAndHoldsWhatDiffersFromTheDefaults() {
    String fingerprint = new KeyMaterial("chain\n", "key\n").fingerprint();

    assertThat(ConfigJson.toJson(small()))
        .isEqualTo(
            """
            {
              "config": {
                "settings": {},
                "hosts": [
                  {
                    "host": "shop.example",
                    "routes": [
                      {
                        "match": {"type": "prefix", "path": "/api"},
                        "action": {
                          "type": "forward",
                          "targets": [
                            {"upstream": {"namespace": "store", "service": "api", "port": "http"}, "weight": 1}
                          ]
                        },
                        "service": "api",
                        "servicePort": "http",
                        "source": {
                          "kind": "Ingress",
                          "namespace": "store",
                          "name": "shop",
                          "file": "shop.yaml",
                          "line": 12,
                          "column": 9
                        }
                      }
                    ]
                  }
                ],
                "upstreams": [
                  {
                    "id": {"namespace": "store", "service": "api", "port": "http"},
                    "balancing": {"type": "roundRobin"}
                  }
                ],
                "tlsHosts": [
                  {
                    "host": "shop.example",
                    "certificate": "store/shop-tls",
                    "fingerprint": "%s"
                  }
                ]
              },
              "endpoints": [
                {
                  "upstream": {"namespace": "store", "service": "api", "port": "http"},
                  "endpoints": [{"address": "10.0.0.1", "port": 80}]
                }
              ],
              "keys": {"store/shop-tls": {"chainPem": "chain\\n", "keyPem": "key\\n"}}
            }
            """
                .formatted(fingerprint));
  }

  @Test
  void everyPublicationComesBackEqual() throws JsonFault {
    long seed = System.nanoTime();
    RandomModel random = new RandomModel(seed);
    for (int i = 0; i < 300; i++) {
      Publication publication = random.publication();
      String json = ConfigJson.toJson(publication);
      Publication back = ConfigJson.publicationFromJson(json);
      assertThat(back).as("seed %d, case %d", seed, i).isEqualTo(publication);
      assertThat(ConfigJson.toJson(back)).isEqualTo(json);
      assertThat(ConfigJson.configFromJson(ConfigJson.toJson(publication.config())))
          .isEqualTo(publication.config());
    }
  }

  @Test
  void theEmptyPublicationComesBackEqual() throws JsonFault {
    assertThat(ConfigJson.publicationFromJson(ConfigJson.toJson(Publication.EMPTY)))
        .isEqualTo(Publication.EMPTY);
  }

  @Test
  void aFaultNamesThePathOfTheMember() {
    String good = ConfigJson.toJson(small().config());

    assertFault(good.replace("\"prefix\"", "\"glob\""), "hosts[0].routes[0].match.type: must be");
    assertFault(good.replace("\"/api\"", "\"api\""), "hosts[0].routes[0].match: path must begin");
    assertFault(good.replace("\"weight\": 1", "\"weight\": 1.5"), "targets[0].weight: must be a");
    assertFault(good.replace("\"weight\": 1", "\"wait\": 1"), "targets[0].weight: is missing");
    assertFault(
        good.replace("\"settings\": {}", "\"settings\": {\"x\": 1}"), "settings.x: is not known");
    assertFault(
        good.replace("\"settings\": {}", "\"settings\": {\"pool\": {\"openMax\": 0}}"),
        "settings.pool: openMax must be from 1 to 65535, was 0");
    assertFault(
        good.replaceFirst("\"api\", \"port\"", "\"b\", \"port\""),
        "the document: hosts: a route of 'shop.example' names the unknown upstream store/b:http");
    assertFault("[]", "the document: must be an object");
    assertFault(good + "x", ":1: nothing may follow the value");
  }

  private static void assertFault(String text, String message) {
    assertThatThrownBy(() -> ConfigJson.configFromJson(text))
        .isInstanceOf(JsonFault.class)
        .hasMessageContaining(message);
  }

  @Test
  void noByteOfAPublicationCanRaiseAnythingButAFault() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    char[] good = ConfigJson.toJson(small()).toCharArray();
    String alphabet = "{}[]\":,\\u0e-+.tfn /\u0000\ud800";
    for (int i = 0; i < 20_000; i++) {
      char[] mutant = good.clone();
      mutant[random.nextInt(good.length)] = alphabet.charAt(random.nextInt(alphabet.length()));
      try {
        ConfigJson.publicationFromJson(new String(mutant));
      } catch (JsonFault expected) {
        assertThat(expected).as("seed %d, mutant %d", seed, i).hasMessageMatching("(?s).+: .+");
      }
    }
  }

  @Test
  void thousandsOfHostsAreWrittenPieceByPiece() throws Exception {
    List<VirtualHost> hosts =
        IntStream.range(0, 2000)
            .mapToObj(i -> new VirtualHost(new HostPattern("h" + i + ".example"), List.of()))
            .toList();
    Publication many =
        new Publication(
            new GatewayConfig(Settings.DEFAULT, hosts, List.of(), List.of()), List.of(), Map.of());
    List<String> pieces = new ArrayList<>();
    ConfigJson.write(many, new Pieces(pieces));

    assertThat(pieces).hasSizeGreaterThan(2).allMatch(piece -> piece.length() < 20_000);
    assertThat(ConfigJson.publicationFromJson(String.join("", pieces))).isEqualTo(many);
  }

  private record Pieces(List<String> all) implements Appendable {
    @Override
    public Appendable append(CharSequence piece) {
      all.add(piece.toString());
      return this;
    }

    @Override
    public Appendable append(CharSequence piece, int start, int end) {
      return append(piece.subSequence(start, end));
    }

    @Override
    public Appendable append(char piece) {
      return append(String.valueOf(piece));
    }
  }
}
