"""JupyterHub for a class on one machine: jupyterhub --config .devcontainer/jupyterhub/jupyterhub_config.py

HUB_PASSWORD   the password of the class; required, every name enters with it
COURSE_IMAGE   the image to start for each student (needs dockerspawner); without it, each student is a process
COURSE_HOMES   the folder that holds the students' folders when they are processes (default: homes)
COURSE_SOLUTIONS  yes: the students get the solutions too (default: not, as in a class that is graded)
HUB_URL        where the class finds the hub (default: http://127.0.0.1:8000)
HUB_IP         where the containers find it (default: 172.17.0.1, this machine on Docker's own bridge)
"""

import os
import pathlib

c = get_config()  # noqa: F821, JupyterHub defines it

c.JupyterHub.bind_url = os.environ.get("HUB_URL", "http://127.0.0.1:8000")
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.Authenticator.allow_all = True

c.Spawner.cmd = [str(pathlib.Path(__file__).with_name("start-course.sh").resolve())]
c.Spawner.default_url = "/tree"
c.Spawner.start_timeout = 120
c.Spawner.environment = {"COURSE_SOLUTIONS": os.environ.get("COURSE_SOLUTIONS", "")}

if image := os.environ.get("COURSE_IMAGE"):
    c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
    c.JupyterHub.hub_ip = os.environ.get("HUB_IP", "172.17.0.1")
    c.DockerSpawner.image = image
    c.DockerSpawner.cmd = ["/opt/notebooksupport/.devcontainer/jupyterhub/start-course.sh"]
    c.DockerSpawner.volumes = {"notebooksupport-{username}": "/home/vscode"}
    c.DockerSpawner.mem_limit = "2G"
    c.DockerSpawner.remove = True
else:
    # Every student's process belongs to the user who started the hub: for a class that trusts one another.
    c.JupyterHub.spawner_class = "simple"
    homes = pathlib.Path(os.environ.get("COURSE_HOMES", "homes")).resolve()
    c.SimpleLocalProcessSpawner.home_dir_template = str(homes / "{username}")
