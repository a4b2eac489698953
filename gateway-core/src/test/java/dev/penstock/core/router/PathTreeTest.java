package dev.penstock.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTreeTest {
  @ParameterizedTest(name = "{0} takes {1}: {2}")
  @CsvSource({
    "/foo, /foo, true",
    "/foo, /foo/, false",
    "/foo/, /foo, false",
    "/foo/, /foo/, true",
    "/foo, /FOO, false",
    "/foo, /foo/bar, false",
    "/foo, /fo, false",
    "/, /, true",
    "/, /a, false",
    "/a-b, /a-b, true",
  })
  void anExactRuleTakesItsPathAndNothingElse(String rule, String path, boolean taken) {
    assertThat(find(path, exact(rule)) != null).isEqualTo(taken);
  }

  @ParameterizedTest(name = "{0} takes {1}: {2}")
  @CsvSource({
    "/, /, true",
    "/, /anything/at/all, true",
    "/foo, /foo, true",
    "/foo, /foo/, true",
    "/foo, /foo/bar, true",
    "/foo, /foobar, false",
    "/foo, /fo, false",
    "/foo, /, false",
    "/foo, /FOO, false",
    "/foo, /bar/foo, false",
    "/foo/, /foo, true",
    "/foo/, /foo/, true",
    "/foo/, /foo/bar, true",
    "/foo/, /foobar, false",
    "/aaa/bbb, /aaa/bbb/ccc, true",
    "/aaa/bbb, /aaa/bbbb, false",
    "/aaa/bbb, /aaa, false",
    "/aaa/bb, /aaa/bbb, false",
  })
  void aPrefixRuleTakesWholeSegments(String rule, String path, boolean taken) {
    assertThat(find(path, prefix(rule)) != null).isEqualTo(taken);
  }

  /** 2,000 instructions, so 125 bytes. */
  @Test
  void noRuleTakesAPathForWhichRegexesWouldCostTooMuch() {
    PathMatch regex = new PathMatch.Regex("/(a*b?){180}z", false);
    String path = "/" + "a".repeat(99);
    assertThat(find(path, prefix("/"), regex)).isNotNull();
    assertThat(find(path + "a".repeat(8_000), prefix("/"), regex)).isNull();
  }

  @ParameterizedTest(name = "{0} takes {2} (case-insensitive: {1}): {3}")
  @CsvSource({
    "/v[0-9]+, false, /v12/x, true",
    "/v[0-9]+, false, /v/x, false",
    "/v[0-9]+, false, /x/v1, false",
    "/v[0-9]+$, false, /v12/x, false",
    "/V, false, /v, false",
    "/V, true, /v, true",
    "/a|/b, false, /b, true",
  })
  void aRegexRuleMatchesFromTheStart(
      String rule, boolean caseInsensitive, String path, boolean taken) {
    assertThat(find(path, new PathMatch.Regex(rule, caseInsensitive)) != null).isEqualTo(taken);
  }

  @Test
  void theLongestRuleWins() {
    PathMatch[] rules = {prefix("/"), prefix("/aaa"), prefix("/aaa/bbb"), exact("/aaa/bbb/ccc")};
    assertThat(find("/aaa/bbb/ccc", rules)).isEqualTo(exact("/aaa/bbb/ccc"));
    assertThat(find("/aaa/bbb/ccc/", rules)).isEqualTo(prefix("/aaa/bbb"));
    assertThat(find("/aaa/bb", rules)).isEqualTo(prefix("/aaa"));
    assertThat(find("/aa", rules)).isEqualTo(prefix("/"));
  }

  @Test
  void atEqualLengthExactPrecedesPrefixPrecedesRegex() {
    PathMatch regex = new PathMatch.Regex("/foo", false);
    assertThat(find("/foo", regex, prefix("/foo"), exact("/foo"))).isEqualTo(exact("/foo"));
    assertThat(find("/foo", regex, prefix("/foo/"))).isEqualTo(prefix("/foo/"));
    assertThat(find("/foobar", regex, prefix("/foo"))).isEqualTo(regex);
  }

  @Test
  void aLongerRegexPrecedesAShorterExactPath() {
    PathMatch regex = new PathMatch.Regex("/[a-z]+$", false);
    assertThat(find("/foo", exact("/foo"), regex)).isEqualTo(regex);
    assertThat(find("/fo1", exact("/fo1"), regex)).isEqualTo(exact("/fo1"));
  }

  @Test
  void ofTwoPrefixesThatDifferInATrailingSlashTheOneWithoutCounts() {
    assertThat(find("/foo/", prefix("/foo/"), prefix("/foo"))).isEqualTo(prefix("/foo"));
  }

  @ParameterizedTest(name = "{0} takes {1}")
  @CsvSource({
    "/%61%2dz, /a-z",
    "/a%2fb, /a%2Fb",
    "/ü x, /%C3%BC%20x",
    "/100%, /100%25",
    "/a%zz, /a%25zz",
    "/%3f, /%3F",
    "/a?b, /a%3Fb",
    "/$&'()*+;=:@!, /$&'()*+;=:@!",
    "/a|b\\c#, /a%7Cb%5Cc%23",
    "/a//b/./c, /a/b/c",
  })
  void aRuleMayBeWrittenWithAnyEscapes(String rule, String path) {
    assertThat(find(path, new PathMatch.Exact(rule))).isEqualTo(exact(rule));
  }

  @Test
  void aRuleThatNoRequestMayAskForTakesNone() {
    assertThat(find("/a%00", exact("/a%00b"))).isNull();
    assertThat(find("/", exact("/.."))).isNull();
  }

  @Test
  void anEncodedSlashIsNoSegmentsEnd() {
    assertThat(find("/foo%2Fbar", prefix("/foo"))).isNull();
    assertThat(find("/foo/bar", exact("/foo%2Fbar"))).isNull();
  }

  @Test
  void onlyTheNamedPartOfTheBufferIsRead() {
    PathTree<String> tree = PathTree.of(List.of(new PathTree.Rule<>(exact("/foo"), "foo")));
    byte[] bytes = "GET /foo/bar HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
    assertThat(tree.find(bytes, 4, 8)).isEqualTo("foo");
    assertThat(tree.find(bytes, 4, 9)).isNull();
  }

  @Test
  void withoutRulesNothingIsFound() {
    assertThat(find("/")).isNull();
  }

  @Test
  void aRegexThatCannotBeCompiledTakesNothingAndIsNamed() {
    PathMatch.Regex lookAhead = new PathMatch.Regex("/(?!admin)", false);
    PathTree<String> tree =
        PathTree.of(
            List.of(
                new PathTree.Rule<>(lookAhead, "regex"), new PathTree.Rule<>(prefix("/"), "root")));
    byte[] path = "/x".getBytes(StandardCharsets.US_ASCII);
    assertThat(tree.find(path, 0, path.length)).isEqualTo("root");
    assertThat(tree.faults())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.match()).isEqualTo(lookAhead);
          assertThat(fault.why()).startsWith("not an RE2 expression: ").contains("(?!");
        });
  }

  /** A path of 8 KiB with 4,096 segments. */
  @Test
  void aLongPathCostsNoMoreProbesThanTheDeepestRule() {
    List<CountingIndex> indexes = new ArrayList<>();
    List<PathTree.Rule<String>> rules =
        List.of(
            new PathTree.Rule<>(prefix("/a/a"), "prefix"),
            new PathTree.Rule<>(exact("/" + "x".repeat(8_190)), "long"));
    PathTree<String> tree =
        PathTree.of(
            rules,
            keys -> {
              indexes.add(new CountingIndex(keys));
              return indexes.getLast();
            });
    byte[] path = "/a".repeat(4_096).getBytes(StandardCharsets.US_ASCII);
    assertThat(tree.find(path, 0, path.length)).isEqualTo("prefix");
    assertThat(indexes.stream().mapToInt(index -> index.finds).sum()).isLessThanOrEqualTo(4);
  }

  @Test
  void whatLiesBehindTheLongestRuleIsNotRead() {
    PathTree<String> tree = PathTree.of(List.of(new PathTree.Rule<>(prefix("/ab"), "ab")));
    byte[] path = "/ab/".getBytes(StandardCharsets.US_ASCII);
    assertThat(tree.find(path, 0, Integer.MAX_VALUE)).isEqualTo("ab");
  }

  private static final class CountingIndex extends KeyIndex {
    private int finds;

    CountingIndex(List<Key> keys) {
      super(keys, false);
    }

    @Override
    int find(int hash, byte[] bytes, int start, int end) {
      finds++;
      return super.find(hash, bytes, start, end);
    }
  }

  private static @Nullable PathMatch find(String path, PathMatch... rules) {
    List<PathTree.Rule<PathMatch>> list = new ArrayList<>();
    for (PathMatch rule : rules) list.add(new PathTree.Rule<>(rule, rule));
    byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
    return PathTree.of(list).find(bytes, 0, bytes.length);
  }

  private static PathMatch exact(String path) {
    return new PathMatch.Exact(path);
  }

  private static PathMatch prefix(String path) {
    return new PathMatch.Prefix(path);
  }
}
