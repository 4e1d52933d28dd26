"""LINE's SDK for Python, every call and every webhook, against a practice LINE.

Arguments: the practice LINE's address, calls.json, acts.json, and a file with what the calls are
filled in with. One TAP line a call.
"""

import base64
import http.server
import inspect
import json
import pathlib
import re
import sys
import threading
import typing
import urllib.request
import uuid

from linebot.v3 import audience, insight, liff, messaging, module, moduleattach, oauth, shop
from linebot.v3.webhook import WebhookParser
from linebot.v3.webhooks import Event

BASE = sys.argv[1]
CALLS, ACTS, GIVEN = (json.load(open(file)) for file in sys.argv[2:5])
SECRET, USER = GIVEN["secret"], GIVEN["user"]
CLIENTS = {
    "token": (oauth, "ChannelAccessToken"),
    "messaging": (messaging, "MessagingApi"),
    "blob": (messaging, "MessagingApiBlob"),
    "insight": (insight, "Insight"),
    "audience": (audience, "ManageAudience"),
    "audienceBlob": (audience, "ManageAudienceBlob"),
    "liff": (liff, "Liff"),
    "module": (module, "LineModule"),
    "attach": (moduleattach, "LineModuleAttach"),
    "shop": (shop, "Shop"),
}
heard = []
said = {"passed": 0, "failed": 0}


class Webhook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        heard.append((body, self.headers["x-line-signature"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def tell(name, problem=None):
    said["failed" if problem else "passed"] += 1
    print(f"{'not ok' if problem else 'ok'} - python {name}" + (f" # {problem}" if problem else ""), flush=True)


def snake(name):
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def act(what, body):
    request = urllib.request.Request(
        f"{BASE}/sandbox/users/{USER}/{what}", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    urllib.request.urlopen(request).close()


def last_message():
    return json.loads(heard[-1][0])["events"][0]


def client(kind):
    package, name = CLIENTS[kind]
    configuration = package.Configuration(host=BASE, access_token="token")
    made = getattr(package, name)(package.ApiClient(configuration))
    if hasattr(made, "line_base_path"):
        made.line_base_path = BASE
    return made


def info_method(made, name):
    plain = re.match(r"(issue_stateless_channel_token)_(by_.*)", name)
    return getattr(made, f"{plain[1]}_with_http_info_{plain[2]}" if plain else f"{name}_with_http_info")


def fill(value, kept):
    if isinstance(value, dict):
        return {name: fill(item, kept) for name, item in value.items()}
    if isinstance(value, list):
        return [fill(item, kept) for item in value]
    if isinstance(value, str) and value[:1] in ("@", "$"):
        return kept[value[1:]]
    return value


def model(method, name, value):
    """The SDK's own class for an argument that is an object."""
    if not isinstance(value, dict):
        return value
    hint = typing.get_type_hints(method)[name]
    for kind in [hint, *typing.get_args(hint)]:
        if hasattr(kind, "from_dict"):
            return kind.from_dict(value)
    return value


def call(made, name, arguments):
    """Status, headers and body of a call."""
    method = info_method(made, name)
    plain = getattr(made, name)
    names = inspect.signature(plain).parameters
    given = {}
    for key, value in arguments.items():
        key = snake(key)
        # `date` and `from` are taken in Python.
        key = key if key in names else f"var_{key}"
        given[key] = model(plain, key, value)
    if name == "set_rich_menu_image":
        given["_headers"] = {"Content-Type": "image/png"}
    answer = method(**given)
    body = answer.data.to_dict() if hasattr(answer.data, "to_dict") else answer.data
    return answer.status_code, answer.headers, body


def keep(kept, save, headers, body):
    for name, place in save.items():
        kept[name] = headers["x-line-request-id"] if place == "@request-id" else body[place]


def run_calls(kept):
    clients, called = {}, set()
    for kind, name, arguments, expected, *save in CALLS:
        made = clients.setdefault(kind, client(kind))
        method = snake(name)
        if not hasattr(made, method):
            continue
        called.add((kind, method))
        try:
            status, headers, body = call(made, method, fill(arguments, kept))
            keep(kept, save[0] if save else {}, headers, body)
            problem = None if status == expected else f"{status} in place of {expected}"
        except Exception as error:
            status, headers = getattr(error, "status", None), getattr(error, "headers", None) or {}
            problem = None if status == expected else f"{type(error).__name__} {error}".replace("\n", " ")
        if problem is None and "x-line-request-id" not in {key.lower() for key in headers}:
            problem = "no x-line-request-id"
        tell(f"{kind}.{method} {expected}", problem)
    for kind, made in clients.items():
        for method in dir(made):
            # Old names of LIFF's calls.
            is_call = not method.startswith(("_", "liff_v1")) and hasattr(made, f"{method}_with_http_info")
            if is_call and (kind, method) not in called:
                tell(f"{kind}.{method}", "is not called")


def run_acts():
    parser = WebhookParser(SECRET)
    for what, body in ACTS:
        heard.clear()
        act(what, body)
        name = f"webhook {body.get('type', what)}"
        try:
            [event] = parser.parse(*heard[0])
            tell(name, "is unknown to the SDK" if type(event) is Event else None)
        except Exception as error:
            tell(name, f"{type(error).__name__} {error}".replace("\n", " "))


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
threading.Thread(target=server.serve_forever, daemon=True).start()
webhook = f"http://127.0.0.1:{server.server_port}/"
ids = pathlib.Path(sys.argv[4]).with_name("ids.txt")
ids.write_text(f"{USER}\n")
kept = {
    **GIVEN,
    "key": str(uuid.uuid4()),
    "webhook": webhook,
    "png": base64.b64decode(GIVEN["png"]),
    "ids": str(ids),
}
call(client("messaging"), "set_webhook_endpoint", {"setWebhookEndpointRequest": {"endpoint": webhook}})
act("message", {"type": "image"})
kept["image"] = last_message()["message"]["id"]
act("message", {"type": "text", "text": "hello"})
kept["reply"], kept["read"] = last_message()["replyToken"], last_message()["message"]["markAsReadToken"]
run_calls(kept)
run_acts()
print(f"# python pass {said['passed']} fail {said['failed']}")
sys.exit(1 if said["failed"] else 0)
