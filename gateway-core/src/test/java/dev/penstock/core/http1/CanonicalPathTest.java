package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a, /a",
    "/a/, /a/",
    "//, /",
    "/a//b///c, /a/b/c",
    "/a/b/../c, /a/c",
    "/a/b/.., /a/",
    "/a/b/../, /a/",
    "/a/.., /",
    "/a/., /a/",
    "/., /",
    "/./a, /a",
    "/a//../b, /b",
    "/a/..//b, /b",
    "/a/./../b, /b",
    "/public/%2e%2e/admin, /admin",
    "/public/.%2E/admin, /admin",
    "/a/%2e/b, /a/b",
    "/a/.../b, /a/.../b",
    "/a/..b/c, /a/..b/c",
    "/a/.b, /a/.b",
    "/.well-known/x, /.well-known/x",
    "/%61%5a%39%7e, /aZ9~",
    "/a%20b, /a%20b",
    "/%c3%a4, /%C3%A4",
    "/a%2fb, /a%2Fb",
    "/a%5cb, /a%5Cb",
    "/%252e%252e/x, /%252e%252e/x",
    "/a;b=c/d, /a;b=c/d",
    "/a%3bb, /a%3Bb",
    "/a{b}|c^`, /a%7Bb%7D%7Cc%5E%60",
    "/[x]<y>, /%5Bx%5D%3Cy%3E",
    "/!$&'()*+=:@, /!$&'()*+=:@",
    "/a%2f.b, /a%2F.b",
    "/a%2f./b, /a%2F./b",
    "/...;x, /...;x",
  })
  void aPathHasOneSpelling(String path, String canonical) {
    assertThat(CanonicalPath.of(path)).isEqualTo(canonical);
    assertThat(CanonicalPath.of(canonical)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/..",
        "/../a",
        "/a/../..",
        "/a/../../b",
        "/%2e%2e/a",
        "/.//../a",
        "/a/..;/b",
        "/a/..;x=y/b",
        "/a/.;/b",
        "/a/..%3b/b",
        "/a/%2e.%3Bx",
        "/a/%2e;",
        "/a/..%2fb",
        "/a%2f..",
        "/a%2F../b",
        "/a%5c..%5cb",
        "/a/..%5Cb",
        "/a%2f..;x/b",
        "/a%00",
        "/a%0d%0a",
        "/a%7f",
        "/a%1F",
        "/a%09",
        "/a%",
        "/a%2",
        "/a%2/",
        "/a%zz",
        "/a%u002e",
        "/a\\b",
        "/a#b",
        "/a b",
        "/\u00E4",
        "/\u0430",
        "/a\u0000",
        "/a?b",
      })
  void aPathThatBackendsReadDifferentlyIsRefused(String path) {
    assertThat(CanonicalPath.of(path)).isNull();
  }

  @Test
  void everySpellingOfAPathGivesTheSamePathOrNone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      String path = randomPath(random);
      String canonical = CanonicalPath.of(path);
      if (canonical == null) {
        continue;
      }
      String at = "seed " + seed + ": " + path;
      assertThat(CanonicalPath.of(canonical)).as(at).isEqualTo(canonical);
      assertThat(canonical).as(at).startsWith("/").doesNotContain("//", "/./", "/../");
      assertThat(canonical + "/").as(at).doesNotContain("/./", "/../");
      assertThat(CanonicalPath.of(respell(path, random))).as(at).isIn(canonical, null);
      byte[] bytes = Cuts.bytes(path);
      if (CanonicalPath.isCanonical(bytes, 0, bytes.length)) {
        assertThat(canonical).as(at).isEqualTo(path);
      }
    }
  }

  private static String randomPath(Random random) {
    String[] parts = {
      "/", "/", "/", "//", ".", "..", "a", "b", "%2e", "%2E", "%2f", "%5C", ";", "%3b", "%41", "{",
      "%20", "%25", "~", "%7e", "x"
    };
    StringBuilder path = new StringBuilder("/");
    for (int n = random.nextInt(12); n > 0; n--) {
      path.append(parts[random.nextInt(parts.length)]);
    }
    return path.toString();
  }

  /** Another spelling that RFC 3986 and slash merging call equal. */
  private static String respell(String path, Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean escape = c == '%';
      boolean unreserved = Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0;
      if (escape) {
        String digits = path.substring(i + 1, i + 3);
        out.append('%')
            .append(
                random.nextBoolean()
                    ? digits.toUpperCase(Locale.ROOT)
                    : digits.toLowerCase(Locale.ROOT));
        i += 2;
      } else if (unreserved && random.nextInt(3) == 0) {
        out.append('%').append(Integer.toHexString(c));
      } else if (c == '/' && random.nextInt(3) == 0) {
        out.append(random.nextBoolean() ? "//" : "/./");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
