package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogTemplateTest {
  private static final Map<LogVariable, String> GOLDEN = new EnumMap<>(LogVariable.class);

  static {
    GOLDEN.put(LogVariable.REMOTE_ADDR, "192.0.2.7");
    GOLDEN.put(LogVariable.REMOTE_USER, "ann");
    GOLDEN.put(LogVariable.TIME_LOCAL, "22/Nov/2026:17:33:01 +0000");
    GOLDEN.put(LogVariable.TIME_ISO8601, "2026-11-22T17:33:01+00:00");
    GOLDEN.put(LogVariable.MSEC, "1795368781.334");
    GOLDEN.put(LogVariable.REQUEST, "POST /cart?item=1 HTTP/1.1");
    GOLDEN.put(LogVariable.REQUEST_METHOD, "POST");
    GOLDEN.put(LogVariable.REQUEST_URI, "/cart?item=1");
    GOLDEN.put(LogVariable.SERVER_PROTOCOL, "HTTP/1.1");
    GOLDEN.put(LogVariable.HOST, "shop.test");
    GOLDEN.put(LogVariable.SCHEME, "https");
    GOLDEN.put(LogVariable.STATUS, "201");
    GOLDEN.put(LogVariable.BODY_BYTES_SENT, "42");
    GOLDEN.put(LogVariable.BYTES_SENT, "199");
    GOLDEN.put(LogVariable.HTTP_REFERER, "https://shop.test/");
    GOLDEN.put(LogVariable.HTTP_USER_AGENT, "curl/8.5.0");
    GOLDEN.put(LogVariable.REQUEST_LENGTH, "321");
    GOLDEN.put(LogVariable.REQUEST_TIME, "1.234");
    GOLDEN.put(LogVariable.PROXY_UPSTREAM_NAME, "shop-web-http");
    GOLDEN.put(LogVariable.PROXY_ALTERNATIVE_UPSTREAM_NAME, "shop-canary-http");
    GOLDEN.put(LogVariable.UPSTREAM_ADDR, "10.0.0.1:8080, 10.0.0.2:8080");
    GOLDEN.put(LogVariable.UPSTREAM_RESPONSE_LENGTH, "0, 42");
    GOLDEN.put(LogVariable.UPSTREAM_CONNECT_TIME, "-, 0.001");
    GOLDEN.put(LogVariable.UPSTREAM_HEADER_TIME, "-, 0.897");
    GOLDEN.put(LogVariable.UPSTREAM_RESPONSE_TIME, "0.003, 1.200");
    GOLDEN.put(LogVariable.UPSTREAM_STATUS, "502, 201");
    GOLDEN.put(LogVariable.REQ_ID, "0123456789abcdef0123456789abcdef");
    GOLDEN.put(LogVariable.REQUEST_ID, "0123456789abcdef0123456789abcdef");
    GOLDEN.put(LogVariable.NAMESPACE, "shop");
    GOLDEN.put(LogVariable.INGRESS_NAME, "front");
    GOLDEN.put(LogVariable.SERVICE_NAME, "web");
    GOLDEN.put(LogVariable.SERVICE_PORT, "http");
    GOLDEN.put(LogVariable.RESPONSE_FLAGS, "UF");
    GOLDEN.put(LogVariable.ROUTE, "shop.test/cart");
  }

  @ParameterizedTest
  @EnumSource(LogVariable.class)
  void everyVariablePrintsItsValue(LogVariable variable) {
    assertThat(GOLDEN).containsKey(variable);
    String expected = "<" + GOLDEN.get(variable) + ">";
    assertThat(LogLines.text("<$" + variable.variable() + ">", Samples.full())).isEqualTo(expected);
    assertThat(LogLines.text("<${" + variable.variable() + "}>", Samples.full()))
        .isEqualTo(expected);
  }

  @Test
  void theDefaultLineIsThatOfIngressNginx() {
    assertThat(LogLines.text(LogTemplate.INGRESS_NGINX, Samples.full()))
        .isEqualTo(
            "192.0.2.7 - ann [22/Nov/2026:17:33:01 +0000] \"POST /cart?item=1 HTTP/1.1\" 201 42"
                + " \"https://shop.test/\" \"curl/8.5.0\" 321 1.234 [shop-web-http]"
                + " [shop-canary-http] 10.0.0.1:8080, 10.0.0.2:8080 0, 42 0.003, 1.200 502, 201"
                + " 0123456789abcdef0123456789abcdef");
  }

  @Test
  void whatIsNotKnownIsADash() {
    assertThat(LogLines.text(LogTemplate.INGRESS_NGINX, Samples.bare()))
        .isEqualTo(
            "- - - [22/Nov/2026:17:33:00 +0000] \"-\" 000 0 \"-\" \"-\" 0 0.000 [-] [] - - - - -");
    assertThat(LogLines.text("$host $request_method $request_uri $server_protocol", Samples.bare()))
        .isEqualTo("- - - -");
    assertThat(
            LogLines.text("$namespace $ingress_name $service_name $service_port", Samples.bare()))
        .isEqualTo("- - - -");
    assertThat(LogLines.text("$route $response_flags $scheme", Samples.bare()))
        .isEqualTo("- - http");
  }

  @Test
  void anEmptyFieldIsEmptyAndNotADash() {
    ExchangeRecord record = Samples.bare();
    record.userAgent.set(Samples.bytes(""));
    assertThat(LogLines.text("\"$http_user_agent\"", record)).isEqualTo("\"\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "34|\\x22",
        "92|\\x5C",
        "0|\\x00",
        "10|\\x0A",
        "13|\\x0D",
        "27|\\x1B",
        "31|\\x1F",
        "32|' '",
        "126|~",
        "127|\\x7F",
        "128|\\x80",
        "255|\\xFF",
        "65|A",
        "37|%",
        "39|''''"
      })
  void bytesAreEscapedAsNginxDoes(int value, String expected) {
    ExchangeRecord record = Samples.bare();
    record.referer.set(new byte[] {(byte) value});
    assertThat(LogLines.text("$http_referer", record)).isEqualTo(expected);
  }

  @Test
  void aLongFieldIsCutAtTwoKibibytesAndNotWithinAnEscape() {
    ExchangeRecord record = Samples.bare();
    record.referer.set(Samples.bytes("x".repeat(5000)));
    record.userAgent.set(Samples.bytes("\u0001".repeat(5000)));
    assertThat(LogLines.text("$http_referer", record)).isEqualTo("x".repeat(2048));
    String cut = LogLines.text("$http_user_agent|", record);
    assertThat(cut).matches("(\\\\x01)+\\|").hasSizeBetween(2040, 2049);
  }

  @Test
  void aLineOfManyLongFieldsIsCutAndStaysOneLine() {
    ExchangeRecord record = Samples.bare();
    record.referer.set(Samples.bytes("x".repeat(5000)));
    String line = LogLines.text("$http_referer $status ".repeat(50), record);
    assertThat(line).hasSize(LineBuffer.LINE_MAX - 1).doesNotContain("\n");
  }

  @Test
  void otherRequestFieldsArePrintedByName() {
    assertThat(LogLines.text("$http_x_tenant ${http_x_other}", Samples.full())).isEqualTo("blue -");
    assertThat(LogLines.text("$http_x_tenant", Samples.bare())).isEqualTo("-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$http_authorization", "$http_cookie", "${http_Proxy_Authorization}"})
  void fieldsWithSecretsAreRefused(String format) {
    assertThatThrownBy(() -> LogTemplate.compile(format))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("would log a secret");
  }

  @Test
  void anUnknownVariableIsRefusedByName() {
    assertThatThrownBy(() -> LogTemplate.compile("$status $cookie_session"))
        .hasMessage("log format: unknown variable '$cookie_session'");
    assertThatThrownBy(() -> LogTemplate.compile("$http_"))
        .hasMessage("log format: unknown variable '$http_'");
    assertThatThrownBy(() -> LogTemplate.compile("costs 5$"))
        .hasMessage("log format: '$' without a variable name");
  }

  @Test
  void theLocalTimeFollowsItsZoneAndTheSecond() {
    ExchangeRecord record = Samples.bare();
    ZoneId zone = ZoneId.of("Asia/Kolkata");
    assertThat(LogLines.text("$time_local $time_iso8601", record, zone))
        .isEqualTo("22/Nov/2026:23:03:00 +0530 2026-11-22T23:03:00+05:30");
    LogClock clock = new LogClock(ZoneId.of("UTC"));
    assertThat(clock.utc(999)).isSameAs(clock.utc(0)).isNotSameAs(clock.utc(1000));
    assertThat(clock.utc(-1)).isEqualTo(Samples.bytes("1969-12-31T23:59:59"));
  }

  @Test
  void aRequestLineWithoutThreeWordsIsAllTarget() {
    ExchangeRecord record = Samples.bare();
    record.requestLine.set(Samples.bytes("\u0016\u0003nonsense"));
    assertThat(LogLines.text("$request_method|$request_uri|$server_protocol", record))
        .isEqualTo("-|\\x16\\x03nonsense|-");
  }
}
