"""The WordPress plugin in a real WordPress, with its own MariaDB, against a real search site."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.build.rebuild import rebuild
from search import Duplicates, SearchEngine, SearchRequest
from tests.webui.conftest import RunningSite
from webui.http.keys.key_file import KEYS_NAME, Scope, make_key

PLUGIN = Path(__file__).parents[2] / "examples" / "wordpress" / "tim-bao"
INSTALLED = Path("/usr/share/wordpress")
MARIADB = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
PATIENCE = 60
"""Seconds until something that must happen is given up: no measure of anything."""

pytestmark = pytest.mark.skipif(
    not (INSTALLED / "wp-settings.php").is_file() or not shutil.which("php") or not MARIADB,
    reason="there is no WordPress with PHP and MariaDB here",
)

CONFIG = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'DISABLE_WP_CRON', true );
define( 'WP_DEFAULT_THEME', 'thu' );
define( 'TIM_BAO_SITE', rtrim( file_get_contents( '{folder}/site' ) ) );
define( 'TIM_BAO_KEY', '{key}' );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {{ define( 'ABSPATH', __DIR__ . '/' ); }}
require_once ABSPATH . 'wp-settings.php';
"""

INSTALL = """
define( 'WP_INSTALLING', true );
require 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Báo Thử', 'bien-tap', 'a@bao.example', false, '', 'mat-khau' );
"""
ACTIVATE = """
require ABSPATH . 'wp-admin/includes/plugin.php';
$error = activate_plugin( 'tim-bao/tim-bao.php' );
if ( is_wp_error( $error ) ) { throw new Exception( $error->get_error_message() ); }
wp_delete_post( 1, true );
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happened: Callable[[], object], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


class Newspaper:
    """A WordPress of its own, and the search site that it publishes to."""

    def __init__(self, folder: Path, socket_path: Path, index: Path, key: str) -> None:
        self.folder, self.index = folder, index
        self.files = folder / "wordpress"
        shutil.copytree(
            INSTALLED, self.files, ignore=shutil.ignore_patterns("wp-config.php", "languages")
        )
        shutil.copytree(
            PLUGIN, self.files / "wp-content" / "plugins" / "tim-bao", dirs_exist_ok=True
        )
        theme = self.files / "wp-content" / "themes" / "thu"
        theme.mkdir(parents=True)
        (theme / "style.css").write_text("/* Theme Name: Thử */")
        (theme / "index.php").write_text("<?php wp_head(); get_search_form(); wp_footer();")
        config = CONFIG.format(socket=socket_path, folder=folder, key=key)
        (self.files / "wp-config.php").write_text(config)
        self.port = free_port()
        self.start()
        self._php(INSTALL)
        self.run(ACTIVATE)

    def start(self) -> None:
        """Start the search site, wherever there is a port; WordPress is told."""
        self.site = RunningSite(
            *("--index", str(self.index), "--port", "0", "--workers", "1"),
            *("--allow-origin", f"http://127.0.0.1:{self.port}"),
        )
        assert self.site.url, self.site.end()
        (self.folder / "site").write_text(self.site.url)

    def run(self, code: str) -> Any:
        """Run code in WordPress as in one of its requests; returns what it returns."""
        said = self._php(
            f"require 'wp-load.php'; echo json_encode( ( function () {{ {code} }} )() );"
        )
        return json.loads(said or "null")

    def _php(self, code: str) -> str:
        environment = {**os.environ, "HTTP_HOST": f"127.0.0.1:{self.port}"}
        before = f"$_SERVER['HTTP_HOST'] = '127.0.0.1:{self.port}'; chdir( '{self.files}' ); "
        run = [
            "php",
            "-d",
            "display_errors=stderr",
            "-d",
            "error_log=/dev/null",
            "-r",
            before + code,
        ]
        done = subprocess.run(
            run, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def post(self, title: str, body: str = "Nước lên từ sáng sớm.", **fields: str) -> int:
        values = {
            "post_title": title,
            "post_content": f"<p>{body}</p>",
            "post_status": "publish",
            **fields,
        }
        given = json.dumps(values).replace("\\", "\\\\").replace("'", "\\'")
        return int(self.run(f"return wp_insert_post( json_decode( '{given}', true ), true );"))

    def found(self, query: str) -> dict[str, str]:
        asked = SearchRequest(query=query, per_page=50, duplicates=Duplicates.SHOW, verbatim=True)
        with SearchEngine.open(self.index) as engine:
            return {hit.id: hit.headline for hit in engine.search(asked).hits}

    def shows(self, query: str, headlines: set[str]) -> None:
        wait_until(lambda: set(self.found(query).values()) == headlines, f"{query}: {headlines}")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("mariadb")
    own = ["--no-defaults", f"--datadir={folder / 'data'}"]
    if os.geteuid() == 0:
        own.append("--user=root")
    install = ["mariadb-install-db", *own, "--auth-root-authentication-method=normal"]
    subprocess.run([*install, "--skip-test-db"], check=True, capture_output=True)
    path = folder / "socket"
    command = [
        str(MARIADB),
        *own,
        f"--socket={path}",
        "--skip-networking",
        "--innodb-flush-log-at-trx-commit=0",
    ]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        client = ["mariadb", "--no-defaults", f"--socket={path}", "-u", "root", "-e"]
        ask = [*client, "CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4"]
        wait_until(
            lambda: subprocess.run(ask, capture_output=True, check=False).returncode == 0, "MariaDB"
        )
        yield path
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Newspaper]:
    folder = tmp_path_factory.mktemp("newspaper")
    (folder / "a.jsonl").write_text(
        '{"id": "cu", "title": "Có từ trước", "body": "Bài của nguồn."}'
    )
    index = folder / "index"
    rebuild(index, [folder / "a.jsonl"])
    key = make_key(index / KEYS_NAME, "wordpress", [Scope.WRITE])
    newspaper = Newspaper(folder, database, index, key)
    try:
        yield newspaper
    finally:
        newspaper.site.end()


def test_a_post_is_found_with_all_it_has_when_it_is_published(newspaper: Newspaper) -> None:
    post = newspaper.post(
        "Lũ &amp; phù sa “về muộn”",
        "Nước son.</p><p>Cá linh theo về.</p>"
        "<figure><img src='a.jpg'><figcaption>Mùa lũ.</figcaption></figure><p>",
        post_excerpt="Nước đỏ phù sa.",
    )
    newspaper.shows("cá linh", {"Lũ & phù sa “về muộn”"})
    with SearchEngine.open(newspaper.index) as engine:
        article = engine.article(f"wp-1-{post}")
    assert article.body == "Nước son.\nCá linh theo về."
    assert article.captions == ("Mùa lũ.",)
    assert (article.summary, article.source) == ("Nước đỏ phù sa.", "Báo Thử")
    assert f"127.0.0.1:{newspaper.port}" in article.url
    assert article.published is not None


def test_an_edited_post_is_found_as_it_is_now_and_a_trashed_one_nowhere(
    newspaper: Newspaper,
) -> None:
    post = newspaper.post("Bán chim trời", "Chợ chim họp kín.")
    newspaper.shows("chợ chim", {"Bán chim trời"})
    newspaper.run(f"wp_update_post( array( 'ID' => {post}, 'post_title' => 'Thả chim trời' ) );")
    newspaper.shows("chợ chim", {"Thả chim trời"})
    newspaper.run(f"wp_trash_post( {post} );")
    newspaper.shows("chợ chim", set())
    newspaper.run(f"wp_untrash_post( {post} ); wp_publish_post( {post} );")
    newspaper.shows("chợ chim", {"Thả chim trời"})
    newspaper.run(f"wp_update_post( array( 'ID' => {post}, 'post_password' => 'x' ) );")
    newspaper.shows("chợ chim", set())
    newspaper.run(f"wp_update_post( array( 'ID' => {post}, 'post_password' => '' ) );")
    newspaper.shows("chợ chim", {"Thả chim trời"})
    newspaper.run(f"wp_delete_post( {post}, true );")
    newspaper.shows("chợ chim", set())


def test_a_scheduled_post_is_sent_and_not_shown(newspaper: Newspaper) -> None:
    tomorrow = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 86_400))
    post = newspaper.post(
        "Hẹn đến mai",
        "Chuyện hẹn giờ.",
        post_status="future",
        post_date=tomorrow,
        post_date_gmt=tomorrow,
    )
    newspaper.post("Đăng ngay", "Chuyện không hẹn giờ.")
    newspaper.shows("hẹn giờ", {"Đăng ngay"})
    assert newspaper.run("return tim_bao_waiting();") == 0
    newspaper.run(f"wp_publish_post( {post} );")
    past = "'2024-01-01 08:00:00', 'post_date_gmt' => '2024-01-01 01:00:00', 'edit_date' => true"
    newspaper.run(f"wp_update_post( array( 'ID' => {post}, 'post_date' => {past} ) );")
    newspaper.shows("hẹn giờ", {"Đăng ngay", "Hẹn đến mai"})


def test_a_draft_is_never_sent(newspaper: Newspaper) -> None:
    newspaper.post("Bản nháp", "Chưa ai được đọc.", post_status="draft")
    newspaper.post("Bản in", "Ai cũng được đọc.")
    newspaper.shows("được đọc", {"Bản in"})


def test_what_is_written_while_the_search_site_is_away_is_sent_later(newspaper: Newspaper) -> None:
    newspaper.post("Trước khi mất mạng", "Đường dây cáp biển.")
    newspaper.shows("cáp biển", {"Trước khi mất mạng"})
    newspaper.site.end()
    newspaper.post("Trong lúc mất mạng", "Đường dây cáp biển đứt.")
    gone = newspaper.post("Viết rồi bỏ", "Đường dây cáp biển nối.")
    newspaper.run(f"wp_trash_post( {gone} );")
    assert newspaper.run("return tim_bao_waiting();") == 2
    newspaper.start()
    newspaper.run("do_action( 'tim_bao_send_later' );")
    newspaper.shows("cáp biển", {"Trước khi mất mạng", "Trong lúc mất mạng"})
    assert newspaper.run("return tim_bao_waiting();") == 0
    assert newspaper.run("return (bool) wp_next_scheduled( 'tim_bao_send_later' );")


def test_five_hundred_posts_are_sent_at_once(newspaper: Newspaper) -> None:
    many = """
        global $wpdb;
        $now = current_time( 'mysql' );
        for ( $n = 0; $n < 500; $n++ ) {
            $wpdb->insert( $wpdb->posts, array(
                'post_title' => "Vụ lúa $n", 'post_content' => "Thửa ruộng bậc thang số $n.",
                'post_status' => 'publish', 'post_type' => 'post', 'post_author' => 1,
                'post_name' => "vu-lua-$n", 'post_date' => $now, 'post_date_gmt' => $now,
                'post_excerpt' => '', 'to_ping' => '', 'pinged' => '',
                'post_content_filtered' => '',
            ) );
        }
    """
    newspaper.run(many)
    send = """
        $total = tim_bao_note_all();
        $steps = array();
        while ( ( $sent = tim_bao_send_batch() ) > 0 ) { $steps[] = $sent; }
        return array( $total, array_sum( $steps ), count( $steps ) );
    """
    total, sent, steps = newspaper.run(send)
    assert total == sent >= 500
    assert steps > 5

    def all_there() -> bool:
        with SearchEngine.open(newspaper.index) as engine:
            asked = SearchRequest(query="bậc thang", duplicates=Duplicates.SHOW)
            return engine.search(asked).total == 500

    wait_until(all_there, "500 posts")


def test_the_search_form_of_the_theme_is_in_the_element(newspaper: Newspaper) -> None:
    form = newspaper.run("return get_search_form( array( 'echo' => false ) );")
    assert form.startswith("<tim-bao><form")
    site = f"127.0.0.1:{newspaper.port}"
    server = subprocess.Popen(
        ["php", "-S", site, "-t", str(newspaper.files)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:

        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", newspaper.port)) == 0

        wait_until(answers, "PHP")
        with urllib.request.urlopen(f"http://{site}/?s=khong-co-gi") as answer:
            page = answer.read().decode()
    finally:
        server.terminate()
        server.wait()
    assert "<tim-bao><form" in page
    assert f'src="{newspaper.site.url}/embed.js' in page.replace("'", '"')
