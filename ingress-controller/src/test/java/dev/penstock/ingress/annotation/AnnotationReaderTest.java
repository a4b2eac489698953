package dev.penstock.ingress.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.configmap.RouteDefaults;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationReaderTest {
  private static final Source INGRESS = Source.of("Ingress", "ns", "web");

  @Test
  void withoutAnnotationsTheDefaultsOfThePolicyHold() {
    assertThat(policy(false)).isEqualTo(RoutePolicy.DEFAULT);
    RoutePolicy withTls = policy(true);
    assertThat(withTls.httpsRedirect()).isEqualTo(HttpsRedirect.DROP_TRAILING_SLASH);
    assertThat(withTls.hsts()).isTrue();
  }

  @Test
  void sslRedirectFalseSwitchesTheRedirectOffAndLeavesHsts() {
    RoutePolicy policy = policy(true, "ssl-redirect", "false");

    assertThat(policy.httpsRedirect()).isEqualTo(HttpsRedirect.OFF);
    assertThat(policy.hsts()).isTrue();
  }

  @Test
  void forceSslRedirectRedirectsWithoutTlsAndWinsOverSslRedirect() {
    RoutePolicy policy = policy(false, "force-ssl-redirect", "true", "ssl-redirect", "false");

    assertThat(policy.httpsRedirect()).isEqualTo(HttpsRedirect.DROP_TRAILING_SLASH);
    assertThat(policy.hsts()).isFalse();
  }

  @Test
  void preserveTrailingSlashKeepsIt() {
    assertThat(policy(true, "preserve-trailing-slash", "true").httpsRedirect())
        .isEqualTo(HttpsRedirect.KEEP_TRAILING_SLASH);
  }

  @Test
  void whyRoutesAreDeniedIsShortHoweverManyAnnotationsDenyThem() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 3_000; i++) many.put(AnnotationTable.PREFIX + "unknown-" + i, "\u0000");

    assertThat(read(many).value().denied())
        .startsWith("not in force in this version: unknown-0, unknown-1, ")
        .hasSize(201);
  }

  @Test
  void timeoutsAreWholeSeconds() {
    RoutePolicy policy =
        policy(
            false,
            "proxy-connect-timeout",
            "7",
            "proxy-read-timeout",
            "3600",
            "proxy-send-timeout",
            "86400");

    assertThat(policy.connectTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(policy.readTimeout()).isEqualTo(Duration.ofHours(1));
    assertThat(policy.sendTimeout()).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "5s", "1.5", "2147483648", "99999999999999999999", "١"})
  void anotherTimeoutLeavesTheDefaultAndSaysSo(String value) {
    Translation<IngressOptions> read = read("proxy-read-timeout", value);

    assertThat(read.value().readTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(messages(read))
        .containsExactly(
            "'"
                + value
                + "' is not a whole number of seconds from 1 to 2147483647, without a unit; the"
                + " default stays in force (60 s)");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1000,1000",
    "100k,102400",
    "8m,8388608",
    "8M,8388608",
    "2g,2147483648",
    "5b,5"
  })
  void bodySizesHaveNginxUnits(String value, long bytes) {
    Translation<IngressOptions> read = read("proxy-body-size", value);

    assertThat(read.value().requestBodyBytesMax()).isEqualTo(bytes);
    assertThat(read.diagnostics()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1t", "m", "-1", "8 m", "9999999999g", "0x10"})
  void anotherBodySizeLeavesTheDefault(String value) {
    Translation<IngressOptions> read = read("proxy-body-size", value);

    assertThat(read.value().requestBodyBytesMax())
        .isEqualTo(RoutePolicy.DEFAULT.requestBodyBytesMax());
    assertThat(read.diagnostics()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "10,10", "0,10", "11,10", "2147483647,10"})
  void triesAreBounded(String value, int tries) {
    Translation<IngressOptions> read = read("proxy-next-upstream-tries", value);

    assertThat(read.value().tries()).isEqualTo(tries);
    assertThat(read.diagnostics().isEmpty()).isEqualTo(value.equals(tries + ""));
  }

  @ParameterizedTest
  @CsvSource({
    "backend-protocol,http",
    "backend-protocol,HTTP",
    "use-regex,False",
    "canary,0",
    "limit-rps,0",
    "enable-global-auth,false",
    "enable-access-log,true",
    "load-balance,round_robin",
    "proxy-buffering,off"
  })
  void aFeatureThatIsPlainlyOffNeedsNoWord(String key, String value) {
    Translation<IngressOptions> read = read(key, value);

    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.value().denied()).isEmpty();
    assertThat(read.value().isSetAside()).isFalse();
  }

  @Test
  void anAddressListThatIsNotInForceDeniesUnderBothItsNames() {
    for (String key : List.of("allowlist-source-range", "whitelist-source-range")) {
      Translation<IngressOptions> read = read(key, "10.0.0.0/8");

      assertThat(read.value().denied()).isEqualTo("not in force in this version: " + key);
      assertThat(messages(read))
          .containsExactly(
              "asks for what is not in force in this version: lets only clients with these"
                  + " addresses ask; the routes of this Ingress answer 503 rather than being"
                  + " served without it, but where another Ingress goes before it for the same"
                  + " host and path; remove the annotation to serve them");
    }
  }

  @Test
  void aDetailIsSilentBesideItsFeatureAndNotedAlone() {
    assertThat(messages(read("cors-max-age", "60")))
        .containsExactly("has no effect without 'enable-cors'");
    assertThat(messages(read("enable-cors", "true", "cors-max-age", "60"))).hasSize(1);
  }

  @Test
  void anUnknownKeyIsNamedWithTheOneThatWasMeant() {
    assertThat(messages(read("ssl-redirekt", "true")))
        .containsExactly(
            "is no annotation of ingress-nginx and has no effect; did you mean 'ssl-redirect'?");
    assertThat(messages(read("entirely-different", "x")))
        .containsExactly("is no annotation of ingress-nginx and has no effect");
  }

  @Test
  void aKeyThatIngressNginxRemovedIsSaidToBeGone() {
    assertThat(messages(read("influxdb-port", "80", "global-rate-limit", "5")))
        .containsOnly("was removed from ingress-nginx and has no effect; remove it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx.ingress.kubernets.io/",
        "Nginx.Ingress.Kubernetes.io/",
        "nginx.ingres.kubernetes.io/"
      })
  void aProtectionUnderAMisspeltPrefixDenies(String prefix) {
    Map<String, String> written = Map.of(prefix + "auth-url", "x", "ingress.kubernetes.io/a", "x");

    assertThat(messages(read(written)))
        .containsExactly(
            "is no annotation of ingress-nginx and has no effect, but what it is meant to do must"
                + " not be missing, so that this Ingress is closed; did you mean"
                + " 'nginx.ingress.kubernetes.io/auth-url'?");
    assertThat(read(written).value().denied()).contains(prefix + "auth-url");
    assertThat(AnnotationReader.misspelt(new WrittenAnnotations(written, Map.of())))
        .containsExactly(prefix + "auth-url");
  }

  @ParameterizedTest
  @CsvSource({"ssl-redirect, false", "auth-url, ''", "limit-rps, 0", "auth-realm, x", "other, x"})
  void whatProtectsNothingUnderAMisspeltPrefixIsOnlyTold(String key, String value) {
    Translation<IngressOptions> read = read(Map.of("nginx.ingress.kubernets.io/" + key, value));

    assertThat(read.diagnostics())
        .singleElement()
        .extracting(Diagnostic::level)
        .isEqualTo(Diagnostic.Level.WARNING);
    assertThat(read.value().denied()).isEmpty();
  }

  @Test
  void keysOfOthersAreNotLookedAt() {
    Translation<IngressOptions> read = read(Map.of("example.com/auth-url", "x", "plain", "a\nb"));

    assertThat(read.diagnostics()).isEmpty();
  }

  private static RoutePolicy policy(boolean hostHasTls, String... pairs) {
    Translation<IngressOptions> read = read(pairs);
    assertThat(read.diagnostics()).isEmpty();
    return read.value().policy(hostHasTls);
  }

  private static Translation<IngressOptions> read(String... pairs) {
    Map<String, String> annotations = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      annotations.put("nginx.ingress.kubernetes.io/" + pairs[i], pairs[i + 1]);
    }
    return read(annotations);
  }

  private static List<String> messages(Translation<?> read) {
    return read.diagnostics().stream().map(Diagnostic::message).toList();
  }

  private static Translation<IngressOptions> read(Map<String, String> annotations) {
    return AnnotationReader.read(
        INGRESS, new WrittenAnnotations(annotations, Map.of()), RouteDefaults.DEFAULT);
  }
}
