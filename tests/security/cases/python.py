# What the rules of tools/security/rules/python.yaml catch, and what they let pass.  Never imported.
# ruleid: unpickled
import pickle
# ruleid: unpickled
from pickle import loads
# ruleid: unpickled
from marshal import loads as unmarshal
# ok: unpickled
import json
# ruleid: unpickled
read = pickle.loads
# ok: unpickled
json.loads(body)

# ruleid: evaluated
eval(text)
# ruleid: evaluated
exec(text, {})
# ok: evaluated
session.execute(statement)
# ok: evaluated
ast.literal_eval(text)

# ruleid: yaml-with-objects
yaml.load(text, Loader=yaml.Loader)
# ruleid: yaml-with-objects
yaml.unsafe_load(text)
# ok: yaml-with-objects
yaml.safe_load(text)
# ok: yaml-with-objects
yaml.load(text, Loader=yaml.SafeLoader)

# ruleid: shell
os.system("ls " + name)
# ruleid: shell
subprocess.run(words, shell=True, check=True)
# ruleid: shell
subprocess.run(f"convert {name} out.png")
# ruleid: shell
subprocess.check_output("ls")
# ok: shell
subprocess.run(["convert", name], check=True)

# ruleid: markup-of-values
Markup(name)
# ruleid: markup-of-values
Markup(f"<b>{name}</b>")
# ok: markup-of-values
Markup("<b>constant</b>")

from sqlalchemy import text

# ruleid: sql-by-hand
session.execute(text(f"SELECT * FROM visit WHERE name = '{name}'"))
# ruleid: sql-by-hand
where = text("name = '" + name)
# ruleid: sql-by-hand
connection.execute("SELECT %s" % name)
# ok: sql-by-hand
session.execute(text("SELECT * FROM visit WHERE name = :name"), {"name": name})

# ruleid: calls-an-address
requests.get(url, timeout=5)
# ruleid: calls-an-address
urllib.request.urlopen(url)
# ok: calls-an-address
client.get(url)

# ruleid: unverified-line
session.post(url, verify=False)
# ok: unverified-line
session.post(url, verify=True)

# ruleid: guessable
code = random.randint(0, 999_999)
# ruleid: guessable
random.choice(letters)
# ok: guessable
secrets.randbelow(1_000_000)

# ruleid: digest-compared-in-a-telling-time
good = hmac.new(key, body, "sha256").hexdigest() == given
# ruleid: digest-compared-in-a-telling-time
bad = given != hmac.digest(key, body, "sha256")
# ruleid: digest-compared-in-a-telling-time
same = token == expected
# ok: digest-compared-in-a-telling-time
hmac.compare_digest(token, expected)
# ok: digest-compared-in-a-telling-time
row.state == "open"

# ruleid: template-from-text
render_template_string(text)
# ruleid: template-from-text
env.from_string(text)
# ok: template-from-text
render_template("web/error.html", text=text)


def unsafe_file():
    # ruleid: path-from-a-request
    return open(request.args["name"])


def unsafe_folder():
    name = request.form["name"]
    # ruleid: path-from-a-request
    return send_file(folder / name)


def safe_file(photo):
    # ok: path-from-a-request
    return open(photo.path)


def led_away():
    # ruleid: led-by-a-request
    return redirect(request.args["next"])


def led_home():
    # ok: led-by-a-request
    return redirect(local_path(request.args["next"]))
